import { Refusal } from '../../domain/refusal.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { findOpenThread } from './find-thread.ts'
import { ThreadBook } from './thread-book.ts'
import { BY_PROGRAM } from './thread-events.ts'

/**
 * Says whether texts of an open thread to phones begin with their author's name; null: as its service says. Refuses
 * `not_found` and `thread_closed`.
 */
export async function labelSenders(core: Core, accountId: string, threadId: string, on: boolean | null): Promise<void> {
  await act(core, accountId, async step => {
    const book = await ThreadBook.load(step, { ids: [threadId] })
    const serviceId = book.find(threadId)?.thread.serviceId
    if (!serviceId) throw new Refusal('not_found', 'There is no such thread.', { threadId })
    const live = findOpenThread(book, { threadId, serviceId })
    live.thread.labelsSenders = on
    book.update(live, BY_PROGRAM)
    book.store()
  })
}
