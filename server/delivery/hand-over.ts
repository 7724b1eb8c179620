import type { Carrier, OutboundMedia, OutboundText, SendResult } from '../carriers/carrier.ts'
import type { Core } from '../core/core.ts'
import type { Sms } from '../domain/sms.ts'
import { isAway } from '../kit/database-away.ts'
import { gather } from '../kit/gather.ts'
import { within } from '../kit/within.ts'
import { type FetchMedia, MediaUnavailable, outboundMedia } from './outbound-media.ts'

export interface HandOverOptions {
  core: Core
  carriers: ReadonlyMap<string, Carrier>
  fetchMedia: FetchMedia
  onError(error: unknown): void
}

const MAX_CARRIER_BATCH = 100
const BATCHES_AT_ONCE = 4
/** Outcomes that come together are kept by one act; a text whose carrier is slow keeps none waiting for longer. */
const TOGETHER_MS = 50
const NO_RESULT: SendResult = { kind: 'unknown', message: 'The carrier did not say what came of it.' }
/** Source: Twilio, error 11200: HTTP retrieval failure. */
const FETCH_FAILED = 11200

interface Sent {
  result: SendResult | Promise<SendResult>
}

/**
 * Hands texts, with their files, to carriers, in batches of what is ready together. Never throws: what is in doubt is
 * `unknown`, which is only what a carrier was handed.
 */
export function openHandOver({ core, carriers, fetchMedia, onError }: HandOverOptions) {
  const sendDoors = new Map<string, (text: OutboundText) => Promise<SendResult>>()

  /** Carriers of accounts are opened after this room. */
  function sendDoorOf(id: string | null): ((text: OutboundText) => Promise<SendResult>) | null {
    const carrier = id === null ? undefined : carriers.get(id)
    if (!carrier) return null
    const known = sendDoors.get(carrier.id)
    if (known) return known
    const batchesAtOnce = carrier.batchesAtOnce ?? BATCHES_AT_ONCE
    const sendBatch = batchesAtOnce === Number.POSITIVE_INFINITY ? sendSingly : sendTogether
    const gathered = gather<OutboundText, Sent>({
      run: texts => sendBatch(carrier, texts),
      maxBatch: MAX_CARRIER_BATCH,
      maxInFlight: batchesAtOnce,
      isPoison: () => false,
    })
    const door = async (text: OutboundText) => (await gathered(text)).result
    sendDoors.set(carrier.id, door)
    return door
  }

  async function sendTogether(carrier: Carrier, texts: OutboundText[]): Promise<Sent[]> {
    const results = await sendObserved(carrier, texts)
    return results.map(result => ({ result }))
  }

  /** Each text by a call of its own. What is done soon is told of together, the rest one by one. */
  async function sendSingly(carrier: Carrier, texts: OutboundText[]): Promise<Sent[]> {
    const results = texts.map(async text => (await sendObserved(carrier, [text]))[0] ?? NO_RESULT)
    await within(TOGETHER_MS, Promise.allSettled(results))
    return results.map(result => ({ result }))
  }

  async function sendObserved(carrier: Carrier, texts: OutboundText[]): Promise<SendResult[]> {
    const startedAtMs = core.clock.machineMs()
    const results = await carrier.send(texts)
    const count = (kind: SendResult['kind']) => results.filter(result => result.kind === kind).length
    core.observe({
      kind: 'delivery',
      outcome: 'answered',
      ms: core.clock.machineMs() - startedAtMs,
      carrier: carrier.id,
      taken: count('taken'),
      refused: count('refused'),
      retry: count('retry'),
      unknown: count('unknown'),
    })
    return results
  }

  return async (accountId: string, sms: Sms, carrier: string | null): Promise<SendResult> => {
    const send = sendDoorOf(carrier)
    if (!send || !sms.number) {
      return { kind: 'refused', errorCode: 30008, carrierCode: 'no_carrier', message: `No carrier ${sms.carrier}` }
    }
    let media: OutboundMedia[]
    try {
      media = sms.mediaCount > 0 ? await outboundMedia(core, fetchMedia, accountId, sms) : []
    } catch (error) {
      if (!(error instanceof MediaUnavailable)) onError(error)
      return withoutMedia(error)
    }
    try {
      const persons = [sms.person, ...(sms.others ?? [])]
      return await send({ reference: sms.id, number: sms.number, persons, body: sms.body, media })
    } catch (error) {
      onError(error)
      return { kind: 'unknown', message: messageOf(error) }
    }
  }
}

/** What becomes of a text whose files cannot be had: it has surely not been sent. */
function withoutMedia(error: unknown): SendResult {
  const why = { carrierCode: 'media', message: messageOf(error) }
  if (isAway(error)) return { kind: 'retry', ...why }
  return { kind: 'refused', errorCode: error instanceof MediaUnavailable ? error.errorCode : FETCH_FAILED, ...why }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
