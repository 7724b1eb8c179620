import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { byHandler, loadOpenHandled } from './handled-thread.ts'

/**
 * Resolves an open thread for good; any handler of its queue may. The next text of its pair opens another.
 * Refuses `not_found`, `not_handler`, `thread_closed`.
 */
export async function resolveThread(
  core: Core,
  accountId: string,
  { threadId, by }: { threadId: string; by: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const { book, live } = await loadOpenHandled(step, threadId, by)
    await book.lookUp(book.wirePairs())
    book.close(live, 'manual', byHandler(by))
    book.store()
  })
}
