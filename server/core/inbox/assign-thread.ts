import { Refusal } from '../../domain/refusal.ts'
import type { HandledQueue } from '../../store/queues.ts'
import { act } from '../act.ts'
import { type Attempt, attempt } from '../attempt.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import type { LiveThread, ThreadBook } from '../threads/thread-book.ts'
import type { Cause } from '../threads/thread-events.ts'
import { byHandler, getOpenHandled, loadQueueThreads, type QueueThreads } from './handled-thread.ts'

export interface Assignment {
  threadId: string
  /** The handler who asks. */
  by: string
  /** Whom the thread goes to; null takes it from its assignee. */
  to: string | null
}

/**
 * Assigns open threads, in the order given, each for itself. One that has no assignee may be given to any handler by any
 * handler; an assigned one by its assignee to any handler or to nobody, and by another handler to himself only, unless its
 * queue lets anyone reassign. Refuses `not_found`, `not_handler`, `thread_closed`, `assignee_invalid` (no handler of the
 * queue) and `reassign_refused`. Source: RingCentral, message threads, "Assign a message thread".
 */
export async function assignThreads(
  core: Core,
  accountId: string,
  assignments: Assignment[],
): Promise<Attempt<undefined>[]> {
  return act(core, accountId, async step => {
    const ids = new Set(assignments.map(({ threadId }) => threadId))
    const threads = await loadQueueThreads(step, [...ids], 'none')
    const attempts = assignments.map(each => attempt(() => assign(step, threads, each)))
    threads.book.store()
    return attempts
  })
}

function assign(step: Act, threads: QueueThreads, { threadId, by, to }: Assignment): undefined {
  const { book, live, queue } = getOpenHandled(threads, threadId, by)
  if (to !== null && !queue.handlers.includes(to)) {
    throw new Refusal('assignee_invalid', 'The assignee handles no texts of the thread’s owner.', {
      parameter: 'assignee.extensionId',
    })
  }
  if (live.thread.assigneeId === to) return
  if (!mayAssign(queue, live.thread.assigneeId, by, to)) {
    throw new Refusal('reassign_refused', 'The thread is assigned to somebody else; you may assign it to yourself.', {
      threadId,
    })
  }
  setAssignee(step, book, live, to, byHandler(by))
}

function mayAssign(queue: HandledQueue, assigneeId: string | null, by: string, to: string | null): boolean {
  return assigneeId === null || assigneeId === by || to === by || queue.anyoneReassigns
}

/** Gives the thread to a user, or to nobody. */
export function setAssignee(step: Act, book: ThreadBook, live: LiveThread, to: string | null, cause: Cause): void {
  const { thread } = live
  const from = thread.assigneeId
  thread.assigneeId = to
  book.touch(thread)
  step.tell({ kind: 'thread_assigned', thread, from, to, cause })
}
