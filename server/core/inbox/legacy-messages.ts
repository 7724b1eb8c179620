import { Refusal } from '../../domain/refusal.ts'
import { updateMessage } from '../../store/messages.ts'
import { loadQueueMessages, type QueueMessage } from '../../store/queue-messages.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { relabel } from '../threads/relabel.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import { byHandler, loadHandledQueues } from './handled-thread.ts'
import { noteOneRead } from './readings.ts'

/** What a user of RingCentral's older message store makes of a message; what is left out stays. */
export interface LegacyChange {
  /** The decimal id. */
  id: number
  by: string
  isRead?: boolean
  /** `purged`: it may not come back. */
  availability?: 'alive' | 'deleted' | 'purged'
}

/**
 * Changes a message: read or not is its reader's alone, being there is everybody's. Refuses `not_found`, also when it
 * is to come back and was purged or its thread deleted, and `not_handler`.
 */
export async function changeLegacyMessage(core: Core, accountId: string, change: LegacyChange): Promise<void> {
  const { id, by, isRead, availability } = change
  await act(core, accountId, async step => {
    const message = await loadMessage(step, id, by)
    if (isRead !== undefined && message.origin === 'sms') {
      await noteOneRead(step, { threadId: message.threadId, userId: by, index: message.index, isRead })
    }
    if (availability) await place(step, [message], by, () => availability)
  })
}

/**
 * Deletes messages, all or none; those that are deleted are purged, and with `purges` all are at once. Refuses as changing
 * does.
 */
export async function deleteLegacyMessages(
  core: Core,
  accountId: string,
  { ids, by, purges }: { ids: number[]; by: string; purges: boolean },
): Promise<void> {
  await act(core, accountId, async step => {
    const messages = await Promise.all(ids.map(id => loadMessage(step, id, by)))
    await place(step, messages, by, ({ deletedAt }) => (purges || deletedAt ? 'purged' : 'deleted'))
  })
}

async function loadMessage(step: Act, id: number, by: string): Promise<QueueMessage> {
  const [message] = await step.load<QueueMessage>(loadQueueMessages, [step.accountId, JSON.stringify([id])])
  if (!message) throw unknownMessage(id)
  await loadHandledQueues(step, [message.queueId], by)
  return message
}

type Availability = NonNullable<LegacyChange['availability']>

async function place(
  step: Act,
  messages: QueueMessage[],
  by: string,
  wanted: (message: QueueMessage) => Availability,
): Promise<void> {
  const threadIds = [...new Set(messages.map(({ threadId }) => threadId))]
  const book = await ThreadBook.load(step, { ids: threadIds, participants: 'none' })
  for (const message of messages) placeOne(step, book, message, by, wanted(message))
  await relabel(step, book, messages)
  book.store()
}

function placeOne(step: Act, book: ThreadBook, message: QueueMessage, by: string, availability: Availability): void {
  const thread = book.find(message.threadId)?.thread
  const isPurged = message.settings?.isPurged === true
  const isGone = message.deletedAt !== null
  if (!thread || (availability === 'alive' && (isPurged || thread.deletedAt))) throw unknownMessage(message.born)
  if (isPurged || (availability === 'alive' && !isGone) || (availability === 'deleted' && isGone)) return
  if (availability === 'purged') message.settings = { ...message.settings, isPurged: true }
  message.deletedAt = availability === 'alive' ? null : (message.deletedAt ?? step.now)
  message.updatedAt = new Date(Math.max(step.now.getTime(), message.updatedAt.getTime() + 1))
  message.version = step.tick()
  step.changes.add(updateMessage, message)
  const cause = byHandler(by)
  if (availability === 'alive') step.tell({ kind: 'message_updated', thread, message, cause })
  else if (!isGone) step.tell({ kind: 'message_deleted', thread, message, cause })
}

function unknownMessage(id: number): Refusal {
  return new Refusal('not_found', `There is no message ${id}.`, { parameter: 'messageId', value: String(id) })
}
