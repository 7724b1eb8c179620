import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import type { GatewaySignature } from '../../domain/gateway-signature.ts'
import { maskNumber } from '../../domain/phone-number.ts'
import type { KeyedQueue } from '../../kit/keyed-queue.ts'
import type { CarrierDoors, InboundText } from '../carrier.ts'
import { bodyOf, calledUrls } from '../mount-carrier.ts'
import type { EventNames } from './event-names.ts'
import { queryOf, readEvents } from './event-source.ts'
import { type Endpoint, hearEvents } from './hear-events.ts'
import type { HeardText } from './inbound-texts.ts'
import { fetchMedia, type MediaRules } from './media.ts'
import type { Numbers } from './numbers.ts'
import type { HeardReceipt } from './receipts.ts'
import type { SentTexts } from './sent-texts.ts'
import { findForgery, type SignedRequest } from './signatures.ts'
import type { Filler } from './template.ts'

export interface EndpointDeps {
  settings: GatewaySettings
  /** Fills in the templates of keys. */
  secrets: Filler
  numbers: Numbers
  doors: CarrierDoors
  ledger: CarrierLedger
  sentTexts: SentTexts
  media: MediaRules
  eventNames: EventNames
  /** Texts of a pair are handed on in the order in which they came, whatever their files take. */
  pairs: KeyedQueue
  callbackUrl(): string
  nowMs(): number
  isStopped(): boolean
  onNotice(message: string): void
}

const MAX_REQUEST_BYTES = 1024 * 1024
/** Where files come within the request, in base64. */
const MAX_BYTES_WITH_FILES = 16 * 1024 * 1024

/** What the gateway calls: texts and receipts at either address. It is answered after commit. */
export function mountEndpoints(scope: FastifyInstance, deps: EndpointDeps): void {
  const media = deps.settings.inbound?.media
  const hasFiles = typeof media === 'object' && 'data' in media
  for (const endpoint of ['inbound', 'status'] as const) {
    scope.route({
      method: ['GET', 'POST', 'PUT'],
      url: `/${endpoint}`,
      bodyLimit: hasFiles ? MAX_BYTES_WITH_FILES : MAX_REQUEST_BYTES,
      handler: (request, reply) => take(deps, endpoint, request, reply),
    })
  }
}

async function take(deps: EndpointDeps, endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply) {
  const { settings, numbers, eventNames, pairs, onNotice } = deps
  if (deps.isStopped()) return refuse(reply, 503, 'This server is stopping.')
  if (!settings.signature) return refuse(reply, 404, 'This gateway is not expected to call.')
  const signed = signedRequest(request)
  const forgery = forgeryOf(deps, settings.signature, calledUrls(request, deps.callbackUrl()), signed)
  if (forgery) {
    onNotice(`A request to /${endpoint} was refused: ${forgery}.`)
    return refuse(reply, 403, `The request is not known to be the gateway's: ${forgery}.`)
  }
  const events = readEvents(settings, signed)
  if (!events) {
    onNotice(`A request to /${endpoint} was refused: its body can't be read.`)
    return refuse(reply, 400, "The body can't be read.")
  }
  const heard = hearEvents(events, { settings, numbers, endpoint })
  if (heard.nameless > 0) {
    const isAll = heard.texts.length === 0 && heard.receipts.length === 0
    const fate = isAll ? 'refused' : 'passed over'
    onNotice(`A text was ${fate}: no sender or no number of ours is where \`inbound\` says.`)
    if (isAll) return refuse(reply, 422, 'There is no sender or no number.')
  }

  let isTaken = false
  const ids = heard.texts.map(({ id }, at) => id ?? eventNames.open(signed.body, at))
  reply.raw.once('close', () => eventNames.close(ids, isTaken && reply.raw.writableFinished))
  const kept = await Promise.all([
    ...heard.texts.map((text, at) =>
      pairs.push(`${text.person} ${text.number}`, () => receive(deps, text, ids[at] ?? '')),
    ),
    heard.receipts.length === 0 || report(deps, heard.receipts).then(() => true),
  ])
  isTaken = !kept.includes(false)
  if (!isTaken) return refuse(reply, 404, 'The number is none that this gateway serves.')
  const { status = 200, contentType, body = '' } = settings.reply ?? {}
  if (contentType !== undefined) reply.type(contentType)
  return reply.code(status).send(body)
}

/** Why a request is not the gateway's, by whatever URL it may know us; null when it is. */
function forgeryOf(
  { secrets, nowMs }: EndpointDeps,
  signature: GatewaySignature,
  urls: string[],
  signed: Omit<SignedRequest, 'url'>,
): string | null {
  const forgeries = urls.map(url => findForgery(signature, { ...signed, url }, { secrets, nowMs: nowMs() }))
  return forgeries.includes(null) ? null : (forgeries[0] ?? null)
}

/** Hands a text on; false when it is for none of our numbers. */
async function receive(
  { doors, media, onNotice }: EndpointDeps,
  text: HeardText,
  carrierMessageId: string,
): Promise<boolean> {
  const { id: _, media: named, ...rest } = text
  const files = await fetchMedia(named, media)
  if (files.missing.length > 0) onNotice('Files of a text could not be had; it has their addresses.')
  const body = [rest.body, ...files.missing].filter(line => line !== '').join('\n')
  const received = await doors.receive({ ...rest, carrierMessageId, body, media: files.media } satisfies InboundText)
  if (received.kind === 'kept') return true
  onNotice(`A text to ${maskNumber(text.number)} was refused: it is no number that this carrier serves.`)
  return false
}

/** Tells what became of texts of ours; one whose sending was never answered was taken after all. */
async function report({ doors, ledger, sentTexts }: EndpointDeps, heard: HeardReceipt[]): Promise<void> {
  for (const { receipt, reference } of heard) {
    const id = receipt.carrierMessageId
    if (reference === null || sentTexts.numberOf(id) !== null || (await ledger.ours([id])).has(id)) continue
    sentTexts.name(reference, id)
    await ledger.resolve(reference, { kind: 'taken', carrierMessageId: id })
  }
  await doors.report(
    heard.map(({ receipt }) => ({
      ...receipt,
      number: sentTexts.numberOf(receipt.carrierMessageId) ?? receipt.number,
    })),
  )
}

function signedRequest(request: FastifyRequest): Omit<SignedRequest, 'url'> {
  return {
    method: request.method,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    query: queryOf(request.originalUrl),
    body: bodyOf(request),
  }
}

function refuse(reply: FastifyReply, status: number, message: string) {
  return reply.code(status).send({ message })
}
