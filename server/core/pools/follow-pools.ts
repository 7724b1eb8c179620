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
import type { ThreadEvent } from '../threads/thread-events.ts'
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
export async function followPools(step: Act, events: ThreadEvent[], freed: Pair[]): Promise<void> {
  for (const event of events) {
    if (endsWaiting(event)) step.changes.add(deleteWait, { threadId: event.thread.id })
  }
  const steps = events.flatMap(event => stepOf(event) ?? [])
  const releases = [
    ...steps.filter(({ kind }) => kind === 'given_back'),
    ...(await freedBeside(step, steps, { events, freed })),
  ]
  if (steps.length + releases.length === 0) return
  const pools = await step.poolRoutes([...steps, ...releases].map(({ poolId }) => poolId))
  noteReleases(step, releases, pools)
  countUses(
    step,
    steps.filter(({ poolId }) => pools.get(poolId)?.picks !== 'in-order'),
  )
  countDays(step, steps)
  wake(
    step,
    releases.filter(({ poolId }) => pools.get(poolId)?.exhausted === 'queue'),
  )
}

/**
 * What other threads than the pools' own gave back of their numbers: conversations, mostly. What sessions of pools that
 * mask gave back is noted with them.
 */
async function freedBeside(
  step: Act,
  steps: Step[],
  { events, freed }: { events: ThreadEvent[]; freed: Pair[] },
): Promise<Release[]> {
  const known = new Set(steps.filter(({ kind }) => kind === 'given_back').map(pairKey))
  const rest = freed.filter(pair => !known.has(pairKey(pair)))
  if (rest.length === 0) return []
  const masked = new Set(
    events.flatMap(event => ('thread' in event && maskedThread(event.thread.settings) ? [event.thread.id] : [])),
  )
  const routes = await step.numberRoutes(rest.map(({ number }) => number))
  const pools = await step.poolRoutes([...routes.values()].flatMap(({ poolId }) => poolId ?? []))
  return rest.flatMap(pair => {
    const pool = pools.get(routes.get(pair.number)?.poolId ?? '')
    return pool && !isProxyPool(pool) && !masked.has(pair.threadId) ? [{ ...pair, poolId: pool.id }] : []
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

function countUses(step: Act, steps: Step[]): void {
  for (const [number, ofNumber] of groupBy(steps, each => each.number)) {
    const opened = ofNumber.filter(({ kind }) => kind === 'taken').length
    step.changes.add(rankNumbers, { number, opened, closed: ofNumber.length - opened, version: step.tick() })
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

function wake(step: Act, releases: Release[]): void {
  for (const { poolId, person } of releases) {
    step.changes.add(wakeWaits, { poolId, person, dueAt: step.now })
    step.due(ACCOUNT_LANE, step.now)
  }
}
