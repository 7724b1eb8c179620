import { Refusal } from '../../domain/refusal.ts'
import { type HandledQueue, loadQueues } from '../../store/queues.ts'
import type { Act } from '../step.ts'
import { type LiveThread, ThreadBook } from '../threads/thread-book.ts'
import type { Cause } from '../threads/thread-events.ts'

/** A queue's thread as one of its handlers works on it. */
export interface HandledThread {
  book: ThreadBook
  live: LiveThread
  queue: HandledQueue
}

/**
 * Loads a queue's thread for a user. Refuses `not_found` when there is none, and `not_handler` when the user does not
 * handle its queue. A deleted one is given too: what may be done with it is the act's to say.
 */
export async function loadHandled(step: Act, threadId: string, userId: string): Promise<HandledThread> {
  const book = await ThreadBook.load(step, { ids: [threadId] })
  const live = book.find(threadId)
  const queueId = live?.thread.queueId
  if (!live || !queueId) throw unknownThread(threadId)
  const queue = (await loadHandledQueues(step, [queueId], userId)).get(queueId)
  if (!queue) throw unknownThread(threadId)
  await book.lookUp(book.wirePairs())
  return { book, live, queue }
}

/** The same, for what only open threads take. Refuses `thread_closed` when it is resolved, `not_found` when deleted. */
export async function loadOpenHandled(step: Act, threadId: string, userId: string): Promise<HandledThread> {
  const handled = await loadHandled(step, threadId, userId)
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
  for (const queue of rows) {
    if (!queue.handlers.includes(userId)) {
      throw new Refusal('not_handler', `You handle no texts of ${queue.name}.`, { queueId: queue.id })
    }
  }
  return new Map(rows.map(queue => [queue.id, queue]))
}

/** What a handler does in the inbox. */
export function byHandler(userId: string): Cause {
  return { source: 'chat', userId, tellsHooks: true }
}

function unknownThread(threadId: string): Refusal {
  return new Refusal('not_found', `There is no thread ${threadId}.`, { threadId, parameter: 'threadId' })
}
