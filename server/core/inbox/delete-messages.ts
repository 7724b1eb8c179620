import { Refusal } from '../../domain/refusal.ts'
import { updateMessage } from '../../store/messages.ts'
import { loadQueueMessages, type QueueMessage } from '../../store/queue-messages.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { relabel } from '../threads/relabel.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { byHandler, loadHandledQueues } from './handled-thread.ts'

/**
 * Deletes messages by their decimal ids; any handler of their queues may. What is deleted stays so. Refuses
 * `not_found` when one is unknown and `not_handler`; then none is deleted.
 */
export async function deleteMessages(
  core: Core,
  accountId: string,
  { ids, by }: { ids: number[]; by: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const messages = await step.load<QueueMessage>(loadQueueMessages, [accountId, JSON.stringify(ids)])
    const known = new Set(messages.map(message => message.born))
    const unknown = ids.find(id => !known.has(id))
    if (unknown !== undefined) {
      throw new Refusal('not_found', `There is no message ${unknown}.`, { parameter: 'ids', value: String(unknown) })
    }
    await loadHandledQueues(
      step,
      messages.map(message => message.queueId),
      by,
    )
    const threadIds = [...new Set(messages.map(message => message.threadId))]
    const book = await ThreadBook.load(step, { ids: threadIds, participants: 'none' })
    for (const message of messages) {
      const thread = book.find(message.threadId)?.thread
      if (!thread || thread.deletedAt || message.deletedAt) continue
      message.deletedAt = step.now
      message.updatedAt = new Date(Math.max(step.now.getTime(), message.updatedAt.getTime() + 1))
      message.version = step.tick()
      step.changes.add(updateMessage, message)
      step.tell({ kind: 'message_deleted', thread, message, cause: byHandler(by) })
    }
    await relabel(step, book, messages)
    book.store()
  })
}
