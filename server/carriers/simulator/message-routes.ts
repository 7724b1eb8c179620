import { type Static, Type } from '@fastify/type-provider-typebox'
import { sid } from '../../domain/ids.ts'
import { canonicalAddress, classifyAddress } from '../../domain/phone-number.ts'
import { cleanText } from '../../domain/text.ts'
import type { InboundMedia } from '../carrier.ts'
import { fetchAllMedia, MAX_MEDIA, MAX_MEDIA_BYTES, MediaRefused } from './media.ts'
import { accountOf, ErrorBody, type SimulatorRouteDeps, type SimulatorScope } from './scope.ts'

/** Longer than any network joins of parts (255 parts of 153 septets are 39,015). */
const MAX_BODY_LENGTH = 40_000
const MAX_ADDRESS_LENGTH = 140
const MAX_ID_LENGTH = 200
/** More members than phones allow in a group. */
const MAX_RECIPIENTS = 50
/** Media as data: URLs in base64, and room for the rest. */
const MAX_REQUEST_BYTES = Math.ceil((MAX_MEDIA_BYTES * 4) / 3) + 1024 * 1024

const Address = Type.String({ minLength: 1, maxLength: MAX_ADDRESS_LENGTH })

const MessageBody = Type.Object({
  from: Address,
  to: Type.Union([Address, Type.Array(Address, { minItems: 1, maxItems: MAX_RECIPIENTS })]),
  body: Type.Optional(Type.String({ maxLength: MAX_BODY_LENGTH })),
  mediaUrls: Type.Optional(Type.Array(Type.String(), { maxItems: MAX_MEDIA })),
  id: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH })),
})

const schema = {
  body: MessageBody,
  response: {
    201: Type.Object({ sid: Type.String() }),
    202: Type.Object({ sid: Type.Null(), heldUntil: Type.String() }),
    400: ErrorBody,
    404: ErrorBody,
  },
}

/**
 * POST /simulator/messages: a phone sends a text. 201 once it is committed; 202 when a fault delays it. 404 when no
 * recipient is a number of the account.
 */
export function messageRoutes(scope: SimulatorScope, deps: SimulatorRouteDeps): void {
  const { simulator, numbersOf, fetchMedia } = deps

  scope.post('/simulator/messages', { schema, bodyLimit: MAX_REQUEST_BYTES }, async (request, reply) => {
    const parsed = parse(request.body)
    if (typeof parsed === 'string') return reply.code(400).send({ code: 'invalid', message: parsed })
    const { to, ...text } = parsed

    const ownNumbers = await numbersOf(accountOf(request), to)
    // A name can be texted from, and never to.
    const number = to.find(each => ownNumbers.has(each) && classifyAddress(each) !== 'alphanumeric')
    if (number === undefined) return reply.code(404).send(unknownNumber(to))

    let media: InboundMedia[]
    try {
      media = text.mediaUrls.length === 0 ? [] : await fetchAllMedia(text.mediaUrls, fetchMedia)
    } catch (error) {
      if (!(error instanceof MediaRefused)) throw error
      return reply.code(400).send({ code: 'media_invalid', message: error.message })
    }

    const others = to.filter(each => each !== number)
    const outcome = await simulator.sendFromPhone({ ...text, number, others, ownNumbers, media })
    if (outcome.kind === 'unknown_number') return reply.code(404).send(unknownNumber(to))
    if (outcome.kind === 'held') return reply.code(202).send({ sid: null, heldUntil: outcome.until.toISOString() })
    const isMms = media.length > 0 || others.length > 0
    return reply.code(201).send({ sid: sid(isMms ? 'MM' : 'SM', outcome.smsId) })
  })
}

/** The text in our words, or what is wrong with it. */
function parse(body: Static<typeof MessageBody>) {
  const person = canonicalAddress(body.from)
  if (person === null) return `\`from\` is no phone number: ${body.from}`
  const to: string[] = []
  for (const text of typeof body.to === 'string' ? [body.to] : body.to) {
    const address = canonicalAddress(text)
    if (address === null) return `\`to\` is no phone number: ${text}`
    if (address !== person && !to.includes(address)) to.push(address)
  }
  const mediaUrls = (body.mediaUrls ?? []).map(cleanText)
  const text = cleanText(body.body ?? '')
  if (text === '' && mediaUrls.length === 0) return 'A text has a `body` or `mediaUrls`.'
  const carrierMessageId = body.id === undefined ? null : cleanText(body.id)
  return { person, to, body: text, mediaUrls, carrierMessageId }
}

function unknownNumber(to: string[]) {
  return { code: 'number_unknown', message: `No number of this account: ${to.join(', ')}` }
}
