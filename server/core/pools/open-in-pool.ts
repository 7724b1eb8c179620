import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { Thread } from '../../domain/thread.ts'
import { insertWait } from '../../store/pool-waits.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { Sessions } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { appendMessage, type Speaking } from '../threads/append-message.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import { BY_PROGRAM } from '../threads/thread-events.ts'
import { decide, type Verdict } from './decide-claims.ts'
import type { PoolThreadSettings } from './pool-thread.ts'

/** A thread that a program wants with a person, its shape checked already. */
export interface ThreadWish {
  /** A pool's name or MG SID. */
  pool: string
  person: string
  body: string
  /** Where replies belong: the caller's own word, or a conversation. */
  room: string | null
  /** One number of the pool, which may be a reserved one; null: the pool chooses. */
  number: string | null
  /** Undefined: as the pool says; null: never by itself. */
  expiresAfterMs: number | null | undefined
  expiresAt: Date | null
  settings: PoolThreadSettings
}

export type OpenAnswer =
  | { kind: 'open' | 'waiting'; thread: Thread; pool: PoolRoute }
  | { kind: 'refused'; refusal: Refusal }

/**
 * Opens threads, in the order given: each binds a number of its pool whose pair with the person is free, and sends its
 * first text from it. Refuses, each for itself and as a committed fact: `pool_unknown`, `opted_out`, `pool_exhausted`
 * with `numbersNeeded`, `number_not_in_pool`, `pair_taken`. A pool that queues answers `waiting` instead of refusing. Null
 * for a wish that is to come again: the idle thread that makes room for it may be one that this very act opened.
 */
export function openInPool(core: Core, accountId: string, wishes: ThreadWish[]): Promise<(OpenAnswer | null)[]> {
  return act(core, accountId, step => openAll(step, wishes))
}

async function openAll(step: Act, wishes: ThreadWish[]): Promise<(OpenAnswer | null)[]> {
  const verdicts = await decide(step, wishes)
  const book = await ThreadBook.load(step, {
    ids: verdicts.flatMap(verdict => (verdict.kind === 'open' && verdict.takenFrom ? [verdict.takenFrom] : [])),
  })
  const pairs = verdicts.flatMap((verdict, at) =>
    verdict.kind === 'open' ? [{ person: wishes[at]!.person, number: verdict.number }] : [],
  )
  await book.lookUp([...pairs, ...book.wirePairs()])
  const routes = await step.numberRoutes(pairs.map(({ number }) => number))
  const speaking = { step, book, routes, sessions: await Sessions.load(step, pairs) }
  const answers = verdicts.map((verdict, at) => carryOut(speaking, wishes[at]!, verdict))
  book.store()
  speaking.sessions.store(step)
  return answers
}

function carryOut(speaking: Speaking, wish: ThreadWish, verdict: Verdict): OpenAnswer | null {
  switch (verdict.kind) {
    case 'refused':
      return { kind: 'refused', refusal: verdict.refusal }
    case 'again':
      return null
    case 'waiting': {
      const live = openThread(speaking, wish, verdict.pool, null)
      wait(speaking.step, live.thread, wish, verdict.pool)
      say(speaking, live, wish)
      return { kind: 'waiting', thread: live.thread, pool: verdict.pool }
    }
    case 'open': {
      const { pool, number, takenFrom } = verdict
      const idle = takenFrom === null ? undefined : speaking.book.find(takenFrom)
      if (idle) speaking.book.close(idle, 'taken_idle', BY_PROGRAM)
      const live = openThread(speaking, wish, pool, number)
      speaking.book.addParticipant(live, { kind: 'sms', person: wish.person, number }, BY_PROGRAM)
      say(speaking, live, wish)
      return { kind: 'open', thread: live.thread, pool }
    }
    default:
      return verdict satisfies never
  }
}

function openThread({ book }: Speaking, wish: ThreadWish, pool: PoolRoute, number: string | null): LiveThread {
  return book.open(
    {
      serviceId: pool.serviceId,
      state: number === null ? 'initializing' : 'active',
      poolId: pool.id,
      person: wish.person,
      number,
      room: wish.room,
      closesAfterMs: wish.expiresAfterMs === undefined ? pool.expiresAfterMs : wish.expiresAfterMs,
      expiresAt: wish.expiresAt,
      createdBy: 'system',
      settings: wish.settings,
    },
    BY_PROGRAM,
  )
}

function wait(step: Act, thread: Thread, { person }: ThreadWish, pool: PoolRoute): void {
  // Those who serve it find out when the first resting number is rested.
  const dueAt = pool.cooldownMs > 0 ? step.now : null
  step.changes.add(insertWait, { threadId: thread.id, poolId: pool.id, person, born: thread.born, dueAt })
  if (dueAt) step.due(ACCOUNT_LANE, dueAt)
}

/** The first text; that of a waiting thread reaches nobody yet. */
function say(speaking: Speaking, live: LiveThread, { body }: ThreadWish): void {
  appendMessage(speaking, live, { origin: 'api', author: 'system', participantId: null, body }, BY_PROGRAM)
}
