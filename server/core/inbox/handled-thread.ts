import { Refusal } from '../../domain/refusal.ts'
import { type HandledQueue, loadQueues, loadQueuesOfThreads } from '../../store/queues.ts'
import type { Act } from '../step.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import type { Cause } from '../threads/thread-events.ts'

/** A queue's thread as one of its handlers works on it. */
export interface HandledThread {
  book: ThreadBook
  live: LiveThread
  queue: HandledQueue
}

/** Threads, and the queues of those that have one. */
export interface QueueThreads {
  book: ThreadBook
  queues: ReadonlyMap<string, HandledQueue>
}

/**
 * Loads a queue's thread for a user. Refuses `not_found` when there is none, and `not_handler` when the user does not
 * handle its queue. A deleted one is given too: what may be done with it is the act's to say. Its pairs are still to be
 * looked up where they are to be freed.
 */
export async function loadHandled(step: Act, threadId: string, userId: string): Promise<HandledThread> {
  return getHandled(await loadQueueThreads(step, [threadId]), threadId, userId)
}

/** The same, for what only open threads take. Refuses `thread_closed` when it is resolved, `not_found` when deleted. */
export async function loadOpenHandled(step: Act, threadId: string, userId: string): Promise<HandledThread> {
  return getOpenHandled(await loadQueueThreads(step, [threadId]), threadId, userId)
}

/** Loads threads that users are to be given by `getHandled`, each for himself. */
export async function loadQueueThreads(
  step: Act,
  ids: string[],
  participants: 'wire' | 'none' = 'wire',
): Promise<QueueThreads> {
  const [book, queues] = await Promise.all([
    ThreadBook.load(step, { ids, participants }),
    step.load<HandledQueue>(loadQueuesOfThreads, [step.accountId, JSON.stringify(ids)]),
  ])
  return { book, queues: new Map(queues.map(queue => [queue.id, queue])) }
}

/** One of them, as `loadHandled` gives it. */
export function getHandled({ book, queues }: QueueThreads, threadId: string, userId: string): HandledThread {
  const live = book.find(threadId)
  const queue = queues.get(live?.thread.queueId ?? '')
  if (!live || !queue) throw unknownThread(threadId)
  mustHandle(queue, userId)
  return { book, live, queue }
}

/** One of them, as `loadOpenHandled` gives it. */
export function getOpenHandled(threads: QueueThreads, threadId: string, userId: string): HandledThread {
  const handled = getHandled(threads, threadId, userId)
  mustBeOpen(handled.live)
  return handled
}

/** Refuses `not_found` for a deleted thread and `thread_closed` for a resolved one. */
export function mustBeOpen({ thread }: LiveThread): void {
  if (thread.deletedAt) throw unknownThread(thread.id)
  if (thread.state === 'closed') {
    throw new Refusal('thread_closed', 'The thread is resolved; it takes nothing any more.', { threadId: thread.id })
  }
}

/** Queues by id, all of which the user must handle. Refuses `not_handler`. */
export async function loadHandledQueues(
  step: Act,
  ids: Iterable<string>,
  userId: string,
): Promise<Map<string, HandledQueue>> {
  const rows = await step.load<HandledQueue>(loadQueues, [step.accountId, JSON.stringify([...new Set(ids)])])
  for (const queue of rows) mustHandle(queue, userId)
  return new Map(rows.map(queue => [queue.id, queue]))
}

function mustHandle(queue: HandledQueue, userId: string): void {
  if (queue.handlers.includes(userId)) return
  throw new Refusal('not_handler', `You handle no texts of ${queue.name}.`, { queueId: queue.id })
}

/** What a handler does in the inbox. */
export function byHandler(userId: string): Cause {
  return { source: 'chat', userId, tellsHooks: true }
}

function unknownThread(threadId: string): Refusal {
  return new Refusal('not_found', `There is no thread ${threadId}.`, { threadId, parameter: 'threadId' })
}
