import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { byHandler, loadHandled } from './handled-thread.ts'

/**
 * Deletes a thread with all that was said and noted in it; any handler of its queue may, whatever its status. One that
 * is deleted stays so. Refuses `not_found` and `not_handler`.
 */
export async function deleteThread(
  core: Core,
  accountId: string,
  { threadId, by }: { threadId: string; by: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const { book, live } = await loadHandled(step, threadId, by)
    if (live.thread.deletedAt) return
    await book.lookUp(book.wirePairs())
    book.delete(live, byHandler(by))
    book.store()
  })
}
