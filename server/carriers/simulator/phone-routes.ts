import { Type } from '@fastify/type-provider-typebox'
import { canonicalAddress, classifyAddress } from '../../domain/phone-number.ts'
import type { PhoneText } from '../../domain/simulated-network.ts'
import { accountOf, ErrorBody, type SimulatorRouteDeps, type SimulatorScope } from './scope.ts'

const PhoneRecord = Type.Object({
  direction: Type.Union([Type.Literal('sent'), Type.Literal('received')]),
  from: Type.String(),
  to: Type.Union([Type.String(), Type.Array(Type.String())]),
  body: Type.String(),
  mediaUrls: Type.Array(Type.String()),
  at: Type.String(),
  sid: Type.Union([Type.String(), Type.Null()]),
})

const schema = {
  params: Type.Object({ number: Type.String() }),
  response: { 200: Type.Object({ records: Type.Array(PhoneRecord) }), 400: ErrorBody },
}

/** GET /simulator/phones/{number}/messages: what a phone shows of its texts with the account's numbers, oldest first. */
export function phoneRoutes(scope: SimulatorScope, { simulator, numbersOf, sidsOf }: SimulatorRouteDeps): void {
  scope.get('/simulator/phones/:number/messages', { schema }, async (request, reply) => {
    const phone = canonicalAddress(request.params.number)
    if (phone === null) {
      return reply.code(400).send({ code: 'invalid', message: `No phone number: ${request.params.number}` })
    }
    const accountId = accountOf(request)
    const seen = await simulator.numbersSeenBy(phone)
    const own = await numbersOf(accountId, seen)
    const names = seen.filter(number => classifyAddress(number) === 'alphanumeric')
    const numbers = [...new Set([...own, ...names])]
    if (numbers.length === 0) return reply.send({ records: [] })
    const texts = await simulator.textsOf(phone, numbers)
    const sids = await sidsOf(accountId, [...new Set(texts.map(text => text.carrierMessageId))])
    // A name may be another account's too: then a text is ours if we know it.
    const ours = texts.filter(text => own.has(text.number) || sids.has(text.carrierMessageId))
    return reply.send({ records: ours.map(text => spell(text, sids.get(text.carrierMessageId) ?? null)) })
  })
}

/** `to` is a list for group texts only, as in the request that sends one. */
function spell(text: PhoneText, sid: string | null) {
  const { direction, sender, recipients, body, mediaUrls, at } = text
  const [only] = recipients
  const to = recipients.length === 1 && only !== undefined ? only : recipients
  return { direction, from: sender, to, body, mediaUrls, at: at.toISOString(), sid }
}
