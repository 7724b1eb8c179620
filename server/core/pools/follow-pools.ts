import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { maskedThread } from '../../domain/proxy.ts'
import type { Thread } from '../../domain/thread.ts'
import { groupBy } from '../../kit/group-by.ts'
import { type FreedPair, noteFreed } from '../../store/pair-history.ts'
import type { Pair } from '../../store/participants.ts'
import { countPoolDay } from '../../store/pool-days.ts'
import { rankNumbers } from '../../store/pool-numbers.ts'
import { deleteWait, wakeWaits } from '../../store/pool-waits.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { isProxyPool } from '../proxy/proxy-pool.ts'
import type { Act } from '../step.ts'
import { pairKey } from '../threads/bindings.ts'
import type { PairsOfAct, ThreadEvent } from '../threads/thread-events.ts'
import { dayOf } from './pool-day.ts'
import { isPoolThread } from './pool-thread.ts'
import { remember } from './remember.ts'

/** A pair of a pool that became free. */
interface Release {
  poolId: string
  person: string
  number: string
  threadId: string
}

/** A pair that a thread of a pool took or gave back. */
interface Step extends Release {
  kind: 'taken' | 'given_back'
}

/**
 * Keeps the books of pools, whoever opened or closed their threads: who held a pair last, how often numbers are used, how
 * many threads each day saw, and that those who wait may look again.
 */
export async function followPools(step: Act, events: ThreadEvent[], pairs: PairsOfAct): Promise<void> {
  for (const event of events) {
    if (endsWaiting(event)) step.changes.add(deleteWait, { threadId: event.thread.id })
  }
  const steps = events.flatMap(event => stepOf(event) ?? [])
  const used = [...pairs.taken, ...pairs.moved, ...pairs.freed]
  if (steps.length + used.length === 0) return
  const routes = await step.numberRoutes(used.map(({ number }) => number))
  const ids = [...steps, ...routes.values()].flatMap(({ poolId }) => poolId ?? [])
  const pools = await step.poolRoutes(ids)
  const poolOf = ({ number }: Pair) => pools.get(routes.get(number)?.poolId ?? '')
  noteReleases(step, [...steps.filter(isRelease), ...freedBeside(steps, { events, freed: pairs.freed, poolOf })], pools)
  countUses(step, pairs, poolOf)
  countDays(step, steps)
  wake(step, pairs.freed, poolOf)
}

type PoolOf = (pair: Pair) => PoolRoute | undefined

function isRelease({ kind }: Step): boolean {
  return kind === 'given_back'
}

/**
 * What other threads than the pools' own gave back of their numbers: conversations, mostly. What sessions of pools that
 * mask gave back is noted with them.
 */
function freedBeside(
  steps: Step[],
  { events, freed, poolOf }: { events: ThreadEvent[]; freed: Pair[]; poolOf: PoolOf },
): Release[] {
  const known = new Set(steps.filter(isRelease).map(pairKey))
  const masked = new Set(
    events.flatMap(event => ('thread' in event && maskedThread(event.thread.settings) ? [event.thread.id] : [])),
  )
  return freed.flatMap(pair => {
    const pool = poolOf(pair)
    if (!pool || isProxyPool(pool) || known.has(pairKey(pair)) || masked.has(pair.threadId)) return []
    return [{ ...pair, poolId: pool.id }]
  })
}

function endsWaiting(event: ThreadEvent): event is Extract<ThreadEvent, { thread: Thread }> {
  if (event.kind === 'state_changed') return isPoolThread(event.thread) && event.from === 'initializing'
  return event.kind === 'thread_deleted' && isPoolThread(event.thread) && event.thread.state === 'initializing'
}

function stepOf(event: ThreadEvent): Step | null {
  if (event.kind === 'delivery_changed' || !isPoolThread(event.thread)) return null
  const { id: threadId, poolId, person, number } = event.thread
  if (number === null) return null
  const step = { poolId, person, number, threadId }
  switch (event.kind) {
    case 'participant_added': {
      const { participant } = event
      const isPair = participant.kind === 'sms' && participant.person === person && participant.number === number
      return isPair ? { kind: 'taken', ...step } : null
    }
    case 'state_changed':
      return event.to === 'closed' ? { kind: 'given_back', ...step } : null
    case 'thread_deleted':
      return event.thread.state === 'closed' ? null : { kind: 'given_back', ...step }
    default:
      return null
  }
}

function noteReleases(step: Act, releases: Release[], pools: ReadonlyMap<string, PoolRoute>): void {
  const freed = new Map<string, FreedPair>()
  for (const { poolId, person, number, threadId } of releases) {
    freed.set(`${person} ${number}`, { poolId, person, number, threadId, freedAt: step.now })
    const pool = pools.get(poolId)
    if (pool) remember(step, pool)
  }
  step.changes.add(noteFreed, ...freed.values())
}

/** Whatever thread a number is used by, a pool's or not, counts in the order of the pool that has the number. */
function countUses(step: Act, { taken, moved, freed }: PairsOfAct, poolOf: PoolOf): void {
  const uses = [
    ...[...taken, ...moved].map(pair => ({ ...pair, isTaken: true })),
    ...[...moved, ...freed].map(pair => ({ ...pair, isTaken: false })),
  ]
  const ranked = uses.filter(pair => (poolOf(pair)?.picks ?? 'in-order') !== 'in-order')
  for (const [number, ofNumber] of groupBy(ranked, pair => pair.number)) {
    const times = ofNumber.filter(({ isTaken }) => isTaken).length
    const more = times - (ofNumber.length - times)
    step.changes.add(rankNumbers, { number, taken: times, more, version: step.tick() })
  }
}

function countDays(step: Act, steps: Step[]): void {
  for (const ofPerson of groupBy(steps, each => `${each.poolId} ${each.person}`).values()) {
    const { poolId, person } = ofPerson[0]!
    const opened = ofPerson.filter(({ kind }) => kind === 'taken').length
    const counts = { opened, closed: ofPerson.length - opened, refused: 0, waited: 0, needed: 0 }
    step.changes.add(countPoolDay, { poolId, person, day: dayOf(step.now), ...counts, peak: peakOf(ofPerson) })
  }
}

function peakOf(steps: Step[]): number {
  let held = 0
  let peak = 0
  for (const { kind } of steps) {
    held += kind === 'taken' ? 1 : -1
    peak = Math.max(peak, held)
  }
  return peak
}

/** A number that was freed is for those who wait in the pool that has it now, wherever it was taken from. */
function wake(step: Act, freed: Pair[], poolOf: PoolOf): void {
  for (const pair of freed) {
    const pool = poolOf(pair)
    if (pool?.exhausted !== 'queue') continue
    step.changes.add(wakeWaits, { poolId: pool.id, person: pair.person, dueAt: step.now })
    step.due(ACCOUNT_LANE, step.now)
  }
}
