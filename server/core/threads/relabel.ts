import { labelOf } from '../../domain/thread-label.ts'
import type { Message } from '../../store/messages.ts'
import { type LastText, loadLastTexts } from '../../store/queue-messages.ts'
import type { Act } from '../step.ts'
import type { ThreadBook } from './thread-book.ts'

/**
 * Makes queues' threads show the last text that is still there, after these messages of theirs went, came back or were
 * rewritten. The book has the threads, and is to be stored afterwards.
 */
export async function relabel(step: Act, book: ThreadBook, changed: Message[]): Promise<void> {
  const threadIds = [...new Set(changed.flatMap(({ threadId, queueId }) => (queueId ? threadId : [])))]
  if (threadIds.length === 0) return
  const changedIds = changed.map(({ id }) => id)
  const others = await step.load<LastText>(loadLastTexts, [
    step.accountId,
    JSON.stringify(threadIds),
    JSON.stringify(changedIds),
  ])
  const there = [...others, ...changed.filter(({ deletedAt, body }) => !deletedAt && body)]
  for (const threadId of threadIds) {
    const thread = book.find(threadId)?.thread
    if (!thread || thread.deletedAt) continue
    const last = there
      .filter(each => each.threadId === threadId)
      .reduce<LastText | null>((best, each) => (best && best.index > each.index ? best : each), null)
    const label = last?.body ? labelOf(last.body) : null
    if (label === thread.label) continue
    thread.label = label
    book.touch(thread)
  }
}
