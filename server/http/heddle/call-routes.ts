import Type from 'typebox'
import { replayCall } from '../../core/calls/replay-call.ts'
import { isUuid, sid, uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type CallRecord, findCall, listCalls } from '../../store/read/calls.ts'
import type { HeddleApi } from './api.ts'
import { DateTime, Nullable } from './schemas.ts'

const DEFAULT_PAGE = 50
const MAX_PAGE = 1000

const CallPath = Type.Object({ id: Type.String() })

const Filter = Type.Object({
  number: Type.Optional(Type.String()),
  person: Type.Optional(Type.String()),
  sms: Type.Optional(Type.String()),
  thread: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  error: Type.Optional(Type.Boolean()),
  before: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE })),
})

const Call = Type.Object({
  id: Type.String({ format: 'uuid' }),
  kind: Type.String({ description: 'inbound, status, reply, hook, pre, push' }),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('done'), Type.Literal('failed')]),
  sms: Nullable(Type.String()),
  thread: Nullable(Type.String()),
  number: Nullable(Type.String()),
  person: Nullable(Type.String()),
  url: Type.String(),
  method: Type.String(),
  fallbackUrl: Nullable(Type.String()),
  parameters: Type.Record(Type.String(), Type.String()),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(DateTime),
  arrivedAt: DateTime,
  finishedAt: Nullable(DateTime),
  durationMs: Nullable(Type.Integer()),
  errorCode: Nullable(Type.Integer()),
  errorMessage: Nullable(Type.String()),
  warnings: Type.Unknown(),
  hops: Type.Unknown({ description: 'Each request that was made, with its answer' }),
})
const CallPage = Type.Object({ records: Type.Array(Call), next: Nullable(Type.Integer()) })

/** `GET /v1/calls`: what was asked of the account's apps and what they answered, newest first; failed ones are replayed. */
export function callRoutes({ app, core, account }: HeddleApi): void {
  const listing = { summary: 'List the calls of apps, newest first', querystring: Filter, response: { 200: CallPage } }
  app.get('/v1/calls', { schema: listing }, async request => {
    const { accountId } = await account(request)
    const { number, person, sms, thread, kind, error, before, limit = DEFAULT_PAGE } = request.query
    const smsId = sms === undefined ? undefined : (uuidOfSid(['SM', 'MM'], sms) ?? sms)
    if (smsId !== undefined && !isUuid(smsId)) throw new Refusal('not_found', `There is no text ${sms}.`)
    const threadId = thread === undefined ? undefined : (uuidOfSid('CH', thread) ?? thread)
    if (threadId !== undefined && !isUuid(threadId)) throw new Refusal('not_found', `There is no thread ${thread}.`)
    const filter = {
      accountId,
      number: number && (canonicalAddress(number) ?? number),
      person: person && (canonicalAddress(person) ?? person),
      smsId,
      threadId,
      kind,
      hasError: error,
      before,
      limit,
    }
    const records = await listCalls(core.db, filter)
    return { records: records.map(spell), next: records.length === limit ? (records.at(-1)?.born ?? null) : null }
  })

  const fetching = { summary: 'Get a call', params: CallPath, response: { 200: Call } }
  app.get('/v1/calls/:id', { schema: fetching }, async request => {
    const { accountId } = await account(request)
    const { id } = request.params
    const call = isUuid(id) ? await findCall(core.db, accountId, id) : null
    if (!call) throw new Refusal('not_found', `There is no call ${id}.`)
    return spell(call)
  })

  app.post(
    '/v1/calls/:id/replay',
    { schema: { summary: 'Make a failed call again', params: CallPath, response: { 202: Call } } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { id } = request.params
      if (!isUuid(id)) throw new Refusal('not_found', `There is no call ${id}.`)
      await replayCall(core, accountId, id)
      const call = await findCall(core.db, accountId, id)
      if (!call) throw new Refusal('not_found', `There is no call ${id}.`)
      return reply.code(202).send(spell(call))
    },
  )
}

function spell({ born: _, smsId, isMms, threadId, parameters, ...call }: CallRecord) {
  const { finishedAt, nextAttemptAt, arrivedAt } = call
  return {
    ...call,
    sms: smsId && sid(isMms ? 'MM' : 'SM', smsId),
    thread: threadId && sid('CH', threadId),
    state: stateOf(call),
    parameters: Object.fromEntries(parameters),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    arrivedAt: arrivedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

function stateOf({
  finishedAt,
  nextAttemptAt,
  errorCode,
}: Pick<CallRecord, 'finishedAt' | 'nextAttemptAt' | 'errorCode'>): 'waiting' | 'done' | 'failed' {
  if (finishedAt) return errorCode === null ? 'done' : 'failed'
  return nextAttemptAt ? 'waiting' : 'failed'
}
