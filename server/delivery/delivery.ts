import type { Carrier, OutboundText, SendResult } from '../carriers/carrier.ts'
import type { Core } from '../core/core.ts'
import type { Doors } from '../core/doors.ts'
import type { SendOutcome } from '../core/record-sent.ts'
import type { Lane } from '../domain/lane.ts'
import type { Sms } from '../domain/sms.ts'
import { isAway } from '../kit/database-away.ts'
import { Drain } from '../kit/drain.ts'
import { gather } from '../kit/gather.ts'
import { untilBack } from '../kit/until-back.ts'
import { findDueSms } from '../store/read/due-sms.ts'
import { type FetchMedia, MediaUnavailable, outboundMedia } from './outbound-media.ts'
import { retryAt } from './retry-at.ts'

export interface DeliveryOptions {
  core: Core
  doors: Doors
  carriers: ReadonlyMap<string, Carrier>
  fetchMedia: FetchMedia
  /** Whether this node serves the lane still. */
  serves(lane: Lane): boolean
  onError(error: unknown): void
}

/** Texts of one number kept in memory, and texts under way at a time. */
const MAX_WAITING = 1000
const MAX_UNDER_WAY = 1000
const MAX_CARRIER_BATCH = 100
const BATCHES_AT_ONCE = 4

/**
 * Carries queued texts to their carriers. A text is marked as under way before it leaves and its outcome is kept
 * before the next of its pair goes, so order holds within a pair and a crash leaves at most those under way in doubt.
 */
export function openDelivery({
  core,
  doors,
  carriers,
  fetchMedia,
  serves,
  onError,
}: DeliveryOptions): Drain<Lane, Sms> {
  const sendDoors = new Map<string, (text: OutboundText) => Promise<SendResult>>()

  /** Carriers of accounts are opened after this room. */
  function sendDoorOf(id: string): ((text: OutboundText) => Promise<SendResult>) | null {
    const carrier = carriers.get(id)
    if (!carrier) return null
    const known = sendDoors.get(id)
    if (known) return known
    const door = gather<OutboundText, SendResult>({
      run: texts => sendObserved(carrier, texts),
      maxBatch: MAX_CARRIER_BATCH,
      maxInFlight: carrier.batchesAtOnce ?? BATCHES_AT_ONCE,
      isPoison: () => false,
    })
    sendDoors.set(id, door)
    return door
  }

  async function sendObserved(carrier: Carrier, texts: OutboundText[]): Promise<SendResult[]> {
    const startedAtMs = core.clock.machineMs()
    const results = await carrier.send(texts)
    const count = (kind: SendResult['kind']) => results.filter(result => result.kind === kind).length
    const outcome = `${count('taken')} taken, ${count('refused')} refused, ${count('retry')} later, ${count('unknown')} unknown`
    core.observe({ kind: 'delivery', outcome, ms: core.clock.machineMs() - startedAtMs, carrier: carrier.id })
    return results
  }

  async function deliver(lane: Lane, sms: Sms): Promise<'done' | 'held'> {
    const { accountId } = lane
    const mayGo = await mayLeave(accountId, sms.id)
    if (!mayGo) return 'done'
    // A node that stood still since may find its lanes with another, which has gone on with later texts of the pair.
    const outcome = serves(lane) ? await hand(accountId, sms) : notSent(core.clock.world())
    const sent = { smsId: sms.id, carrier: sms.carrier ?? '', outcome }
    await untilBack(() => doors.recordSent(accountId, sent), isAway)
    return outcome.kind === 'retry' ? 'held' : 'done'
  }

  /** When the database went away on the mark, nobody knows whether it was made; but the text has not left. */
  async function mayLeave(accountId: string, smsId: string): Promise<boolean> {
    let isAgain = false
    return untilBack(
      () => doors.startSending(accountId, { smsId, isAgain }),
      error => {
        isAgain = true
        return isAway(error)
      },
    )
  }

  async function hand(accountId: string, sms: Sms): Promise<SendOutcome> {
    const send = sendDoorOf(sms.carrier ?? '')
    if (!send || !sms.number) {
      return { kind: 'refused', errorCode: 30008, carrierCode: 'no_carrier', message: `No carrier ${sms.carrier}` }
    }
    let result: SendResult
    try {
      const media = sms.mediaCount > 0 ? await outboundMedia(core, fetchMedia, accountId, sms) : []
      const persons = [sms.person, ...(sms.others ?? [])]
      result = await send({ reference: sms.id, number: sms.number, persons, body: sms.body, media })
    } catch (error) {
      if (error instanceof MediaUnavailable) {
        return { kind: 'refused', errorCode: error.errorCode, carrierCode: 'media', message: error.message }
      }
      onError(error)
      return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) }
    }
    if (result.kind !== 'retry') return result
    return { ...result, at: retryAt(core.clock.world(), sms.attempts + 1, result.afterMs) }
  }

  return new Drain<Lane, Sms>({
    queueKey: lane => `${lane.accountId} ${lane.lane}`,
    groupKey: lane => lane.accountId,
    load: (lane, limit) => findDueSms(core.db, lane, core.clock.world(), limit),
    run: deliver,
    rowId: sms => sms.id,
    orderKey: sms => sms.person,
    maxWaiting: MAX_WAITING,
    maxRunning: MAX_UNDER_WAY,
    onError,
  })
}

function notSent(at: Date): SendOutcome {
  return { kind: 'retry', carrierCode: 'lane_lost', message: 'This node lost the lane', at }
}
