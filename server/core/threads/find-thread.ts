import { Refusal } from '../../domain/refusal.ts'
import type { LiveThread, ThreadBook } from './thread-book.ts'

/** A thread as a door names it. */
export interface ThreadRef {
  threadId: string
  /** The service that it must be in. */
  serviceId: string
}

/** The thread, if it is there, in the service, and not deleted. Refuses `not_found`. */
export function findThread(book: ThreadBook, { threadId, serviceId }: ThreadRef): LiveThread {
  const live = book.find(threadId)
  if (!live || live.thread.deletedAt || live.thread.serviceId !== serviceId) {
    throw new Refusal('not_found', 'There is no such thread.', { threadId })
  }
  return live
}

/** The thread, if it may still be changed. Refuses `not_found` and `thread_closed`. */
export function findOpenThread(book: ThreadBook, ref: ThreadRef): LiveThread {
  const live = findThread(book, ref)
  if (live.thread.state === 'closed') {
    throw new Refusal('thread_closed', 'The thread is closed for good.', { threadId: ref.threadId })
  }
  return live
}
