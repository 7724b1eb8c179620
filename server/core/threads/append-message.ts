import { newId } from '../../domain/ids.ts'
import { labelOf } from '../../domain/thread-label.ts'
import { insertMessage, type Message, type MessageMedia } from '../../store/messages.ts'
import { fanOut } from './fan-out.ts'
import type { Speaking } from './speaking.ts'
import type { LiveThread } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

export type { Speaking } from './speaking.ts'

export interface MessageDraft {
  /** Chosen beforehand where files name it already. */
  id?: string
  origin: Message['origin']
  author: string
  /** The participant who speaks: the message is not sent back to them. */
  participantId: string | null
  userId?: string | null
  body: string | null
  attributes?: string
  media?: MessageMedia[] | null
  smsId?: string | null
  replyToId?: string | null
  createdAt?: Date
  updatedAt?: Date
  settings?: Record<string, unknown> | null
  /** A participant whom the caller reaches with a text of their own. */
  reachedId?: string
  /** A reply to a thread that is closed: it is kept there, reaches nobody, and changes no state and no timer. */
  isLate?: true
  /** What the house tells one person only: it goes to nobody else. */
  isNotice?: true
}

/**
 * Appends a message to an open thread, revives an inactive one, restarts its timers, and queues the texts that carry
 * it to the phones that take part (see `fanOut`). Refuses `thread_closed`.
 */
export function appendMessage(speaking: Speaking, live: LiveThread, draft: MessageDraft, cause: Cause): Message {
  const { step, book } = speaking
  const { thread } = live
  if (thread.state === 'inactive') book.setState(live, 'active', 'event', cause)
  const createdAt = draft.createdAt ?? step.now
  book.touch(thread)
  const message: Message = {
    id: draft.id ?? newId(step.now.getTime()),
    threadId: thread.id,
    queueId: thread.queueId,
    index: thread.nextIndex++,
    origin: draft.origin,
    author: draft.author,
    participantId: draft.participantId,
    userId: draft.userId ?? null,
    body: draft.body,
    attributes: draft.attributes ?? '{}',
    media: draft.media ?? null,
    smsId: draft.smsId ?? null,
    replyToId: draft.replyToId ?? null,
    isLate: draft.isLate ?? false,
    settings: draft.settings ?? null,
    createdAt,
    updatedAt: draft.updatedAt ?? createdAt,
    deletedAt: null,
    version: step.tick(),
    born: 0,
  }
  message.born = message.version
  if (draft.body) thread.label = labelOf(draft.body)
  if (!draft.isLate) book.restartTimers(thread)
  step.changes.add(insertMessage, message)
  step.tell({ kind: 'message_added', thread, message, cause })
  if (!draft.isLate && !draft.isNotice) fanOut(speaking, live, message, draft.reachedId)
  return message
}
