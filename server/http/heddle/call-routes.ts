import Type from 'typebox'
import { replayCall } from '../../core/calls/replay-call.ts'
import { isUuid, sid, uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type CallRecord, findCall, listCalls } from '../../store/read/calls.ts'
import type { HeddleApi } from './api.ts'

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

/** `GET /v1/calls`: what was asked of the account's apps and what they answered, newest first; failed ones are replayed. */
export function callRoutes({ app, core, account }: HeddleApi): void {
  app.get('/v1/calls', { schema: { querystring: Filter } }, async request => {
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

  app.get('/v1/calls/:id', { schema: { params: CallPath } }, async request => {
    const { accountId } = await account(request)
    const { id } = request.params
    const call = isUuid(id) ? await findCall(core.db, accountId, id) : null
    if (!call) throw new Refusal('not_found', `There is no call ${id}.`)
    return spell(call)
  })

  app.post(
    '/v1/calls/:id/replay',
    { schema: { summary: 'Make a failed call again', params: CallPath } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { id } = request.params
      if (!isUuid(id)) throw new Refusal('not_found', `There is no call ${id}.`)
      await replayCall(core, accountId, id)
      const call = await findCall(core.db, accountId, id)
      return reply.code(202).send(call && spell(call))
    },
  )
}

function spell({ born: _, smsId, isMms, threadId, parameters, ...call }: CallRecord) {
  const { finishedAt, nextAttemptAt, errorCode } = call
  return {
    ...call,
    sms: smsId && sid(isMms ? 'MM' : 'SM', smsId),
    thread: threadId && sid('CH', threadId),
    state: finishedAt ? (errorCode === null ? 'done' : 'failed') : nextAttemptAt ? 'waiting' : 'failed',
    parameters: Object.fromEntries(parameters),
  }
}
