/** What may happen to a queue's thread, as far as its handlers' programs are told. */
export type Happening =
  | 'opened'
  | 'assigned'
  | 'resolved'
  | 'deleted'
  | 'message_added'
  | 'message_changed'
  | 'message_deleted'
  | 'noted'

export interface InboxChange {
  what: Happening
  queueId: string
  /** Whose the thread is, or was opened as. */
  assigneeId: string | null
  at: Date
  version: number
}

/** That somebody's view is out of date, and no more: programs then sync. */
export interface InboxNews {
  topic: 'threads' | 'entries'
  queueId: string
  /** The one handler who is told; null: all of the queue's. */
  userId: string | null
  at: Date
  version: number
}

/**
 * Who is told of what. A thread that is nobody's concerns all handlers; one that is assigned, its assignee. Where
 * RingCentral's table is silent or contradicts itself all handlers are told: they sync once more than they must.
 * Source: RingCentral, "Message threads", events.
 */
export function newsOf({ what, queueId, assigneeId, at, version }: InboxChange): InboxNews[] {
  const toAll = (topic: InboxNews['topic']): InboxNews => ({ topic, queueId, userId: null, at, version })
  const toAssignee = (topic: InboxNews['topic']): InboxNews => ({ topic, queueId, userId: assigneeId, at, version })
  switch (what) {
    case 'opened':
      return [toAssignee('threads')]
    case 'assigned':
    case 'resolved':
      return [toAll('threads')]
    case 'deleted':
      return [toAll('threads'), toAll('entries')]
    case 'message_added':
      return assigneeId ? [toAssignee('entries')] : [toAll('threads'), toAll('entries')]
    case 'message_changed':
      return [toAssignee('entries')]
    case 'message_deleted':
    case 'noted':
      return [toAll('entries')]
    default:
      return what satisfies never
  }
}

/** A message of a queue's thread, as programs of the older message store are told of it. */
export interface TextNews {
  messageId: string
  /** It was said just now; else something about it changed. */
  isNew: boolean
  /** It is there no more: what it said is told to nobody. */
  isDeleted: boolean
  isInbound: boolean
  /** The decimal id. */
  born: number
  queueId: string
  queueName: string
  person: string
  number: string
  body: string | null
  files: { contentType: string; fileName: string | null; size: number }[]
  /** The decimal id of the thread. */
  conversationId: number
  createdAt: Date
  updatedAt: Date
  version: number
}
