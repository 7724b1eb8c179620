import { type Static, Type } from '@fastify/type-provider-typebox'
import { formatDuration, parseDuration } from '../../domain/duration.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import type { Fault } from './faults.ts'
import { accountOf, type SimulatorRouteDeps, type SimulatorScope } from './scope.ts'

const MAX_REPEAT = 100
const STRICT = { additionalProperties: false }
/** Codes that say a text never left the carrier; all others tell of a phone that did not get it. */
const NEVER_SENT = new Set([30001, 30002])

const Code = Type.Integer({ minimum: 10_000, maximum: 99_999 })
const times = Type.Optional(Type.Integer({ minimum: 1 }))
const status = Type.Optional(Type.Union([Type.Literal('failed'), Type.Literal('undelivered')]))
const duration = Type.String()

/** A misspelled fault would be one that never comes, so unknown names are refused. */
const FaultBody = Type.Object(
  {
    number: Type.Optional(Type.String()),
    fail: Type.Optional(Type.Union([Code, Type.Object({ code: Code, times, status }, STRICT)])),
    delay: Type.Optional(duration),
    repeat: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_REPEAT })),
    reorder: Type.Optional(Type.Boolean()),
    dropReceipts: Type.Optional(Type.Boolean()),
    refuse: Type.Optional(Type.Union([Code, Type.Object({ code: Code, times }, STRICT)])),
    retry: Type.Optional(Type.Union([Type.Boolean(), Type.Object({ after: Type.Optional(duration), times }, STRICT)])),
    unknown: Type.Optional(
      Type.Union([Type.Boolean(), Type.Object({ arrives: Type.Optional(Type.Boolean()), times }, STRICT)]),
    ),
  },
  STRICT,
)

/** PUT, GET and DELETE /simulator/faults: sets what ails a number (absent: all), lists it, lifts it (`?number=`: of one). */
export function faultRoutes(scope: SimulatorScope, { simulator: { faults } }: SimulatorRouteDeps): void {
  scope.put('/simulator/faults', { schema: { body: FaultBody } }, async (request, reply) => {
    const fault = parse(request.body)
    if (typeof fault === 'string') return reply.code(400).send({ code: 'invalid', message: fault })
    faults.put(accountOf(request), fault)
    return reply.send(spell(fault))
  })

  scope.get('/simulator/faults', async request => ({ records: faults.list(accountOf(request)).map(spell) }))

  const querystring = Type.Object({ number: Type.Optional(Type.String()) })
  scope.delete('/simulator/faults', { schema: { querystring } }, async (request, reply) => {
    const { number } = request.query
    const address = number === undefined ? undefined : canonicalAddress(number)
    if (address === null) return reply.code(400).send({ code: 'invalid', message: `No phone number: ${number}` })
    faults.lift(accountOf(request), address)
    return reply.code(204).send()
  })
}

/** The fault in our words, or what is wrong with it. */
function parse(body: Static<typeof FaultBody>): Fault | string {
  const number = body.number === undefined ? null : canonicalAddress(body.number)
  if (body.number !== undefined && number === null) return `\`number\` is no phone number: ${body.number}`
  const delayMs = body.delay === undefined ? 0 : parseDuration(body.delay)
  if (delayMs === null || delayMs < 0) return `\`delay\` is an ISO 8601 duration such as PT5S: ${body.delay}`
  const fault: Fault = { number }
  if (delayMs > 0) fault.delayMs = delayMs
  if (body.repeat !== undefined) fault.repeat = body.repeat
  if (body.reorder) fault.reorder = true
  if (body.dropReceipts) fault.dropReceipts = true
  if (body.fail !== undefined) {
    const { code, times, status } = typeof body.fail === 'number' ? { code: body.fail } : body.fail
    fault.fail = { code, status: status ?? (NEVER_SENT.has(code) ? 'failed' : 'undelivered'), times: times ?? null }
  }
  if (body.refuse !== undefined) {
    const { code, times } = typeof body.refuse === 'number' ? { code: body.refuse } : body.refuse
    fault.refuse = { code, times: times ?? null }
  }
  if (body.retry) {
    const { after, times } = body.retry === true ? {} : body.retry
    const afterMs = after === undefined ? null : parseDuration(after)
    if (after !== undefined && (afterMs === null || afterMs < 0)) return `\`after\` is an ISO 8601 duration: ${after}`
    fault.retry = { afterMs, times: times ?? null }
  }
  if (body.unknown) {
    const { arrives, times } = body.unknown === true ? {} : body.unknown
    fault.unknown = { arrives: arrives ?? true, times: times ?? null }
  }
  return fault
}

function spell({ number, delayMs, retry, ...rest }: Fault) {
  return {
    ...(number === null ? {} : { number }),
    ...rest,
    ...(delayMs === undefined ? {} : { delay: formatDuration(delayMs) }),
    ...(retry
      ? { retry: { times: retry.times, after: retry.afterMs === null ? null : formatDuration(retry.afterMs) } }
      : {}),
  }
}
