import { newId } from '../../domain/ids.ts'
import { insertMessage, type Message, type MessageMedia } from '../../store/messages.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { Participant } from '../../store/participants.ts'
import type { Act } from '../act.ts'
import { queueTexts, type TextDraft } from '../queue-texts.ts'
import type { Sessions } from '../sessions.ts'
import type { LiveThread, ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

export interface MessageDraft {
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
}

/** What an append needs of the act around it. */
export interface Speaking {
  step: Act
  book: ThreadBook
  sessions: Sessions
  /** Routes of our numbers that take part. */
  routes: ReadonlyMap<string, NumberRoute>
}

/** RingCentral's label is the last text, cut. */
const LABEL_LENGTH = 200
/** The half of an emoji that a cut may leave. */
const HALF_A_PAIR = /[\ud800-\udbff]$/

/**
 * Appends a message to an open thread, revives an inactive one, restarts its timers, and queues one text for every
 * other participant who is a pair, each from their own number of ours. Refuses `thread_closed`.
 */
export function appendMessage(speaking: Speaking, live: LiveThread, draft: MessageDraft, cause: Cause): Message {
  const { step, book } = speaking
  const { thread } = live
  if (thread.state === 'inactive') book.setState(live, 'active', 'event', cause)
  const createdAt = draft.createdAt ?? step.now
  book.touch(thread)
  const message: Message = {
    id: newId(step.now.getTime()),
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
    isLate: false,
    settings: draft.settings ?? null,
    createdAt,
    updatedAt: draft.updatedAt ?? createdAt,
    deletedAt: null,
    version: step.tick(),
    born: 0,
  }
  message.born = message.version
  if (draft.body) thread.label = draft.body.slice(0, LABEL_LENGTH).replace(HALF_A_PAIR, '')
  book.restartTimers(thread)
  step.changes.add(insertMessage, message)
  step.tell({ kind: 'message_added', thread, message, cause })
  fanOut(speaking, live, message, draft.reachedId)
  return message
}

/** One text for every pair of the thread but the author's and the one that is reached already. */
function fanOut(
  { step, sessions, routes }: Speaking,
  live: LiveThread,
  message: Message,
  reachedId: string | undefined,
): void {
  const drafts = live.participants.flatMap(participant => {
    const { kind, id } = participant
    if (kind !== 'sms' || id === message.participantId || id === reachedId) return []
    const draft = textFor(live, participant, message, routes)
    return draft ? [draft] : []
  })
  queueTexts(step, sessions, drafts)
}

function textFor(
  live: LiveThread,
  participant: Participant,
  message: Message,
  routes: ReadonlyMap<string, NumberRoute>,
): TextDraft | null {
  const route = participant.number ? routes.get(participant.number) : undefined
  if (!route || !participant.person) return null
  return {
    origin: 'thread',
    route,
    person: participant.person,
    body: message.body ?? '',
    mediaUrls: [],
    statusCallback: null,
    thread: { threadId: live.thread.id, messageId: message.id, participantId: participant.id },
  }
}
