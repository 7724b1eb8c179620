import { ACCOUNT_LANE } from '../../store/lanes.ts'
import { loadFirstRested } from '../../store/pool-claims.ts'
import { loadDueWaits, loadUnsent, type PoolWait, postponeWait } from '../../store/pool-waits.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { type Act, act } from '../act.ts'
import type { Core } from '../core.ts'
import { queueTexts } from '../queue-texts.ts'
import { Sessions } from '../sessions.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { BY_TIMER } from '../threads/thread-events.ts'
import { PoolClaims } from './pool-claims.ts'

/** Threads served in one act: each writes its row, its pair, its participant and its texts. */
const MAX_THREADS_AN_ACT = 100

/**
 * Gives numbers to threads that wait for one, first come first served, and sends what was said in them. Those whose pool
 * went, or queues no more, are closed. True when there may be more.
 */
export async function serveWaits(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const waits = await step.load<PoolWait>(loadDueWaits, [accountId, step.now, MAX_THREADS_AN_ACT])
    if (waits.length === 0) return false
    const pools = await step.poolRoutes(waits.map(({ poolId }) => poolId))
    const given = await giveNumbers(step, waits, pools)
    const book = await ThreadBook.load(step, { ids: waits.map(({ threadId }) => threadId) })
    const pairs = waits.flatMap(({ threadId, person }) => {
      const number = given.get(threadId)
      return number === undefined ? [] : [{ person, number }]
    })
    await book.lookUp(pairs)
    const sessions = await Sessions.load(step, pairs)
    const routes = await step.numberRoutes(pairs.map(({ number }) => number))
    const unsent = await loadTexts(step, [...given.keys()])
    for (const wait of waits) {
      const live = book.find(wait.threadId)
      const number = given.get(wait.threadId)
      const route = number === undefined ? undefined : routes.get(number)
      if (live && number !== undefined && route) {
        const { thread } = live
        thread.number = number
        book.setState(live, 'active', 'event', BY_TIMER)
        const pair = { kind: 'sms' as const, person: wait.person, number }
        const participant = book.addParticipant(live, pair, BY_TIMER)
        book.restartTimers(thread)
        const texts = unsent.filter(({ threadId }) => threadId === thread.id)
        queueTexts(
          step,
          sessions,
          texts.map(({ id, body }) => ({
            origin: 'thread',
            route,
            person: wait.person,
            body: body ?? '',
            mediaUrls: [],
            statusCallback: null,
            thread: { threadId: thread.id, messageId: id, participantId: participant.id },
          })),
        )
      } else if (live && pools.get(wait.poolId)?.exhausted !== 'queue') {
        book.close(live, 'pool_exhausted', BY_TIMER)
      } else {
        await postpone(step, wait, pools.get(wait.poolId))
      }
    }
    book.store()
    sessions.store(step)
    return waits.length === MAX_THREADS_AN_ACT
  })
}

async function giveNumbers(step: Act, waits: PoolWait[], pools: Map<string, PoolRoute>): Promise<Map<string, string>> {
  const wishes = waits.flatMap(({ poolId, person, threadId }) => {
    const pool = pools.get(poolId)
    return pool ? [{ pool, person, threadId }] : []
  })
  const claims = await PoolClaims.load(step, wishes)
  const given = new Map<string, string>()
  for (const wish of wishes) {
    const number = claims.claim(wish)
    if (number !== null) given.set(wish.threadId, number)
  }
  return given
}

async function loadTexts(
  step: Act,
  threadIds: string[],
): Promise<{ id: string; threadId: string; body: string | null }[]> {
  if (threadIds.length === 0) return []
  return step.load(loadUnsent, [step.accountId, JSON.stringify(threadIds)])
}

/** Nothing is free: the next look is when a number is given back, or the first resting one is rested. */
async function postpone(step: Act, { threadId, person }: PoolWait, pool: PoolRoute | undefined): Promise<void> {
  let dueAt: Date | null = null
  if (pool && pool.cooldownMs > 0) {
    const restingAfter = new Date(step.now.getTime() - pool.cooldownMs)
    const [row] = await step.load<{ freedAt: Date | null }>(loadFirstRested, [
      step.accountId,
      pool.id,
      person,
      restingAfter,
    ])
    if (row?.freedAt) dueAt = new Date(row.freedAt.getTime() + pool.cooldownMs)
  }
  step.changes.add(postponeWait, { threadId, dueAt })
  if (dueAt) step.due(ACCOUNT_LANE, dueAt)
}
