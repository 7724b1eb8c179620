import type { TextNews } from '../../domain/inbox-news.ts'
import type { Thread } from '../../domain/thread.ts'
import type { Queue } from '../../store/queues.ts'
import type { ThreadEvent } from '../threads/thread-events.ts'

/** What events say of texts of queues, for programs of the older message store. */
export function textNewsOf(
  event: ThreadEvent,
  thread: Thread,
  { queue, now }: { queue: Queue | undefined; now: Date },
): TextNews[] {
  const { person, number } = thread
  if (!queue || !person || !number) return []
  const about = { queueId: queue.id, queueName: queue.name, person, number, conversationId: thread.born }
  if (event.kind === 'delivery_changed') {
    const { messageId } = event.sms
    if (!messageId) return []
    // Only counted: which one it is matters, not what it says.
    const known = { isNew: false, isDeleted: false, isInbound: false, born: 0, body: null, files: [] }
    return [{ ...about, ...known, messageId, createdAt: now, updatedAt: now, version: 0 }]
  }
  if (!('message' in event)) return []
  const { message } = event
  return [
    {
      ...about,
      messageId: message.id,
      isNew: event.kind === 'message_added',
      isDeleted: message.deletedAt !== null,
      isInbound: message.origin === 'sms',
      born: message.born,
      body: message.body,
      files: message.media ?? [],
      createdAt: message.createdAt,
      updatedAt: message.updatedAt,
      version: 0,
    },
  ]
}
