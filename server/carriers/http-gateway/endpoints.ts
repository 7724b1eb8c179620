import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import { maskNumber } from '../../domain/phone-number.ts'
import type { CarrierDoors, InboundText, Receipt } from '../carrier.ts'
import { bodyOf } from '../mount-carrier.ts'
import type { EventNames } from './event-names.ts'
import { queryOf, readEvents } from './event-source.ts'
import { type HeardText, isText, readText } from './inbound-texts.ts'
import { fetchMedia, type MediaRules } from './media.ts'
import type { Numbers } from './numbers.ts'
import { isReceipt, readReceipt } from './receipts.ts'
import { findForgery, type SignedRequest } from './signatures.ts'
import type { Filler } from './template.ts'

export type Endpoint = 'inbound' | 'status'

export interface EndpointDeps {
  settings: GatewaySettings
  /** Fills in the templates of keys. */
  secrets: Filler
  numbers: Numbers
  doors: CarrierDoors
  media: MediaRules
  eventNames: EventNames
  callbackUrl(): string
  nowMs(): number
  isStopped(): boolean
  /** The number that a text of this id left from, when that is remembered. */
  numberOf(carrierMessageId: string): string | null
  onNotice(message: string): void
}

/** Files may come within the request, in base64. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024

/** What the gateway calls: texts and receipts at either address. It is answered after commit. */
export function mountEndpoints(scope: FastifyInstance, deps: EndpointDeps): void {
  for (const endpoint of ['inbound', 'status'] as const) {
    scope.route({
      method: ['GET', 'POST', 'PUT'],
      url: `/${endpoint}`,
      bodyLimit: MAX_REQUEST_BYTES,
      handler: (request, reply) => take(deps, endpoint, request, reply),
    })
  }
}

async function take(deps: EndpointDeps, endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply) {
  const { settings, secrets, onNotice } = deps
  if (deps.isStopped()) return refuse(reply, 503, 'This server is stopping.')
  if (!settings.signature) return refuse(reply, 404, 'This gateway is not expected to call.')
  const signed = signedRequest(request, `${deps.callbackUrl()}/${endpoint}`)
  const forgery = findForgery(settings.signature, signed, { secrets, nowMs: deps.nowMs() })
  if (forgery) {
    onNotice(`A request to /${endpoint} was refused: ${forgery}.`)
    return refuse(reply, 403, `The request is not known to be the gateway's: ${forgery}.`)
  }
  const events = readEvents(settings, signed)
  if (!events) {
    onNotice(`A request to /${endpoint} was refused: its body can't be read.`)
    return refuse(reply, 400, "The body can't be read.")
  }

  const texts: HeardText[] = []
  const receipts: Receipt[] = []
  for (const event of events) {
    if (settings.inbound && isText(event, settings.inbound, endpoint)) {
      const text = readText(event, settings.inbound, deps.numbers)
      if (!text) {
        onNotice('A text was refused: no sender or no number of ours is where `inbound` says.')
        return refuse(reply, 422, 'There is no sender or no number.')
      }
      texts.push(text)
    } else if (settings.receipts && isReceipt(event, settings.receipts, endpoint)) {
      const receipt = readReceipt(event, {
        receipts: settings.receipts,
        errors: settings.errors,
        numbers: deps.numbers,
      })
      if (receipt) receipts.push({ ...receipt, number: deps.numberOf(receipt.carrierMessageId) ?? receipt.number })
    }
  }

  const kept = await Promise.all([
    ...texts.map((text, at) => receive(deps, text, () => deps.eventNames.nameOf(signed.body, at))),
    receipts.length > 0 ? deps.doors.report(receipts).then(() => true) : true,
  ])
  reply.raw.once('finish', () => deps.eventNames.answered(signed.body, texts.length))
  if (kept.includes(false)) return refuse(reply, 404, 'The number is none that this gateway serves.')
  const { status = 200, contentType, body = '' } = settings.reply ?? {}
  if (contentType !== undefined) reply.type(contentType)
  return reply.code(status).send(body)
}

/** Hands a text on; false when it is for none of our numbers. */
async function receive(
  { doors, media, onNotice }: EndpointDeps,
  text: HeardText,
  newName: () => string,
): Promise<boolean> {
  const { id, media: named, ...rest } = text
  const carrierMessageId = id ?? newName()
  const files = await fetchMedia(named, media)
  if (files.missing.length > 0)
    onNotice(`${files.missing.length} files of a text could not be had; it has their addresses.`)
  const body = [rest.body, ...files.missing].filter(line => line !== '').join('\n')
  const received = await doors.receive({ ...rest, carrierMessageId, body, media: files.media } satisfies InboundText)
  if (received.kind === 'kept') return true
  onNotice(`A text to ${maskNumber(text.number)} was refused: it is no number that this carrier serves.`)
  return false
}

function signedRequest(request: FastifyRequest, calledAt: string): SignedRequest {
  const { originalUrl, headers } = request
  const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : ''
  return {
    method: request.method,
    url: calledAt + query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])),
    query: queryOf(query),
    body: bodyOf(request),
  }
}

function refuse(reply: FastifyReply, status: number, message: string) {
  return reply.code(status).send({ message })
}
