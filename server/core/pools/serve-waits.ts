import { laterBy } from '../../domain/calendar.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { Message } from '../../store/messages.ts'
import { loadFirstRested } from '../../store/pool-claims.ts'
import { loadDueWaits, loadUnsent, type PoolWait, postponeWait } from '../../store/pool-waits.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { OptOuts } from '../opt-outs/opt-outs.ts'
import type { Act } from '../step.ts'
import type { Speaking } from '../threads/append-message.ts'
import { catchUp } from '../threads/fan-out.ts'
import { loadSpeaking } from '../threads/speaking.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { BY_TIMER } from '../threads/thread-events.ts'
import { PoolClaims, restingAfter } from './pool-claims.ts'

/** Threads served in one act: each writes its row, its pair, its participant and its texts. */
const MAX_THREADS_AN_ACT = 100

/** What becomes of a thread that waits. */
type Turn =
  | { kind: 'served'; number: string }
  | { kind: 'given_up'; reason: 'opted_out' | 'pool_exhausted' }
  | { kind: 'postponed'; pool: PoolRoute }

/**
 * Gives numbers to threads that wait for one, first come first served, and sends what was said in them. Those whose
 * person said stop, and those whose pool went or queues no more, are closed. True when there may be more.
 */
export async function serveWaits(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const waits = await step.load<PoolWait>(loadDueWaits, [accountId, step.now, MAX_THREADS_AN_ACT])
    if (waits.length === 0) return false
    const turns = await takeTurns(step, waits)
    const book = await ThreadBook.load(step, { ids: waits.map(({ threadId }) => threadId) })
    const pairs = waits.flatMap(({ person }, at) => {
      const turn = turns[at]
      return turn?.kind === 'served' ? [{ person, number: turn.number }] : []
    })
    await book.lookUp(pairs)
    const unsent = await loadMessages(step, waits)
    const speaking = await loadSpeaking(step, book, { pairs, authors: unsent })
    for (const [at, wait] of waits.entries()) {
      const live = book.find(wait.threadId)
      const turn = turns[at]
      if (!live || !turn) continue
      if (turn.kind === 'served') serve(speaking, live, turn.number, unsent)
      else if (turn.kind === 'given_up') book.close(live, turn.reason, BY_TIMER)
      else await postpone(step, wait, turn.pool)
    }
    book.store()
    speaking.sessions.store(step)
    return waits.length === MAX_THREADS_AN_ACT
  })
}

async function takeTurns(step: Act, waits: PoolWait[]): Promise<Turn[]> {
  const pools = await step.poolRoutes(waits.map(({ poolId }) => poolId))
  const optOuts = await OptOuts.load(
    step,
    waits.map(({ poolId, person }) => ({ scope: poolId, person })),
  )
  const wishes = waits.map(({ poolId, person }) => ({
    pool: optOuts.isBlocked({ scope: poolId, person }) ? undefined : pools.get(poolId),
    person,
  }))
  const claims = await PoolClaims.load(
    step,
    wishes.flatMap(({ pool, person }) => (pool ? [{ pool, person }] : [])),
  )
  return wishes.map(({ pool, person }, at): Turn => {
    if (!pool) return { kind: 'given_up', reason: pools.has(waits[at]?.poolId ?? '') ? 'opted_out' : 'pool_exhausted' }
    const number = claims.claim({ pool, person })
    if (number !== null) return { kind: 'served', number }
    return pool.exhausted === 'queue' ? { kind: 'postponed', pool } : { kind: 'given_up', reason: 'pool_exhausted' }
  })
}

/** What was said in the threads while they waited. */
async function loadMessages(step: Act, waits: PoolWait[]): Promise<Message[]> {
  return step.load<Message>(loadUnsent, [step.accountId, JSON.stringify(waits.map(({ threadId }) => threadId))])
}

/** Binds the number and sends what was said, in order. */
function serve(speaking: Speaking, live: LiveThread, number: string, unsent: Message[]): void {
  const { book, routes } = speaking
  const { thread } = live
  const { person } = thread
  if (!routes.has(number) || !person) return
  thread.number = number
  book.setState(live, 'active', 'event', BY_TIMER)
  const participant = book.addParticipant(live, { kind: 'sms', person, number }, BY_TIMER)
  book.restartTimers(thread)
  for (const message of unsent) if (message.threadId === thread.id) catchUp(speaking, live, message, participant)
}

/** Nothing is free: the next look is when a number is given back, or the first resting one is rested. */
async function postpone(step: Act, { threadId, person }: PoolWait, pool: PoolRoute): Promise<void> {
  const after = restingAfter(step, pool)
  let dueAt: Date | null = null
  if (after) {
    const [row] = await step.load<{ freedAt: Date | null }>(loadFirstRested, [step.accountId, pool.id, person, after])
    if (row?.freedAt) dueAt = laterBy(row.freedAt, pool.cooldownMs)
  }
  step.changes.add(postponeWait, { threadId, dueAt })
  if (dueAt) step.due(ACCOUNT_LANE, dueAt)
}
