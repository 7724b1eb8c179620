import type { Carrier } from '../carriers/carrier.ts'
import type { Core } from '../core/core.ts'
import type { Doors, SendingDoors } from '../core/doors.ts'
import type { SendOutcome } from '../core/sending/record-sent.ts'
import type { Lane } from '../domain/lane.ts'
import type { Sms } from '../domain/sms.ts'
import { isAway } from '../kit/database-away.ts'
import { Drain, type Due } from '../kit/drain.ts'
import { untilBack } from '../kit/until-back.ts'
import { findDueSms } from '../store/read/due-sms.ts'
import { openDepartures } from './departures.ts'
import { openHandOver } from './hand-over.ts'
import type { FetchMedia } from './outbound-media.ts'
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

/** Texts of one number kept in memory, and of all numbers. */
const MAX_WAITING = 1000
const MAX_WAITING_IN_ALL = 50_000
/** Texts under way at a time: of one account, so that the next one's mark is made soon, and of all. */
const MAX_UNDER_WAY_OF_ACCOUNT = 1000
const MAX_UNDER_WAY = 4000

/**
 * Carries queued texts to their carriers. A text leaves when its number, its account and its carrier have room for it. It
 * is marked as under way before, and its outcome is kept before the next of its pair goes, so order holds within a pair and
 * a crash leaves at most those under way in doubt.
 */
export function openDelivery(options: DeliveryOptions): Drain<Lane, Sms> {
  const { core, doors, carriers, serves, onError } = options
  const departures = openDepartures({ core, carriers, onRoom: kind => drain.goOn(kind), onError })
  const handOver = openHandOver(options)

  async function load(lane: Lane, limit: number, withoutKinds: string[]): Promise<Due<Sms>> {
    await departures.learn(lane)
    const groups = departures.groupsOf(lane, withoutKinds)
    return findDueSms(core.db, lane, { now: core.clock.world(), limit, groups })
  }

  /** How many texts of a lane are under way. */
  const underWay = new Map<string, number>()

  async function deliver(lane: Lane, sms: Sms): Promise<'done' | 'held'> {
    const name = nameOf(lane)
    const others = underWay.get(name) ?? 0
    underWay.set(name, others + 1)
    try {
      return await send(others === 0 ? doors.few : doors.many, lane, sms)
    } finally {
      departures.done(sms)
      const left = (underWay.get(name) ?? 1) - 1
      if (left > 0) underWay.set(name, left)
      else underWay.delete(name)
    }
  }

  async function send(doors: SendingDoors, lane: Lane, sms: Sms): Promise<'done' | 'held'> {
    const { accountId } = lane
    const carrier = departures.carrierOf(sms)
    const mayGo = await mayLeave(doors, accountId, { smsId: sms.id, carrier })
    if (!mayGo) return 'done'
    // A node that stood still since may find its lanes with another, which has gone on with later texts of the pair.
    const outcome = serves(lane) ? await hand(accountId, sms, carrier) : notSent(core.clock.world())
    const keep = (kept: SendOutcome) => {
      const sent = { smsId: sms.id, carrier: carrier ?? '', outcome: kept }
      return untilBack(() => doors.recordSent(accountId, sent), isAway)
    }
    try {
      await keep(outcome)
    } catch (error) {
      // Nobody would ever look at it again.
      onError(error)
      await keep({ kind: 'unknown', message: 'What came of it could not be kept' })
      return 'done'
    }
    return outcome.kind === 'retry' ? 'held' : 'done'
  }

  /** When the database went away on the mark, nobody knows whether it was made; but the text has not left. */
  async function mayLeave(
    doors: SendingDoors,
    accountId: string,
    text: { smsId: string; carrier: string | null },
  ): Promise<boolean> {
    let isAgain = false
    return untilBack(
      () => doors.startSending(accountId, { ...text, isAgain }),
      error => {
        isAgain = true
        return isAway(error)
      },
    )
  }

  async function hand(accountId: string, sms: Sms, carrier: string | null): Promise<SendOutcome> {
    const result = await handOver(accountId, sms, carrier)
    if (carrier !== null) departures.heed(carrier, result)
    if (result.kind !== 'retry') return result
    const { why, afterMs, ...rest } = result
    const tried = { attempts: sms.attempts + 1, why, afterMs, validUntil: sms.validUntil }
    return { ...rest, at: retryAt(core.clock.world(), tried, Math.random) }
  }

  const drain = new Drain<Lane, Sms>({
    queueKey: nameOf,
    groupKey: lane => lane.accountId,
    load,
    run: deliver,
    rowId: sms => sms.id,
    orderKey: sms => sms.person,
    rankOf: sms => sms.rank,
    kindOf: departures.kindOf,
    holds: departures.holds,
    maxWaiting: MAX_WAITING,
    maxWaitingInAll: MAX_WAITING_IN_ALL,
    maxRunning: MAX_UNDER_WAY,
    maxRunningOfGroup: MAX_UNDER_WAY_OF_ACCOUNT,
    onError,
  })
  return drain
}

function nameOf({ accountId, lane }: Lane): string {
  return `${accountId} ${lane}`
}

function notSent(at: Date): SendOutcome {
  return { kind: 'retry', carrierCode: 'lane_lost', message: 'This node lost the lane', at }
}
