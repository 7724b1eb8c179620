import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { findThread, type ThreadRef } from './find-thread.ts'
import { ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

/** Deletes a thread, open or closed, and frees its pairs. Refuses `not_found`. */
export async function deleteThread(core: Core, accountId: string, ref: ThreadRef & { cause: Cause }): Promise<void> {
  await act(core, accountId, async step => {
    const book = await ThreadBook.load(step, { ids: [ref.threadId] })
    const live = findThread(book, ref)
    await book.lookUp(book.wirePairs())
    book.delete(live, ref.cause)
    book.store()
  })
}
