import Type from 'typebox'
import { DateTime, Nullable } from './schemas.ts'

/** Null comes first: the checker turns null into an empty text where a text is asked first. */
const Id = Type.String({ format: 'uuid' })
const Assigns = Type.Union([Type.Null(), Type.Literal('round_robin'), Type.Literal('least_busy')], {
  description: 'How new threads are given to handlers on duty; null: they are not',
})
const ClosesAfter = Type.String({
  description: 'ISO 8601 duration without a message after which a thread is resolved',
  examples: ['PT72H'],
})

export const QueuePath = Type.Object({ queue: Type.String({ description: 'UUID, or the extension id' }) })
export const UserPath = Type.Object({ user: Type.String({ description: 'UUID, US SID, or the extension id' }) })
export const UserThreadPath = Type.Object({
  ...UserPath.properties,
  thread: Type.String({ description: 'UUID or CH SID' }),
})
export const InboxThreadPath = Type.Object({ thread: Type.String({ description: 'UUID or CH SID' }) })

export const QueueRecord = Type.Object({
  id: Id,
  extensionId: Type.String(),
  name: Type.String(),
  kind: Type.Union([Type.Literal('queue'), Type.Literal('site'), Type.Literal('main_site')]),
  closesAfter: ClosesAfter,
  anyoneReassigns: Type.Boolean(),
  linksPrevious: Type.Boolean(),
  claimsOnReply: Type.Boolean(),
  assigns: Assigns,
  countsUnread: Type.Boolean(),
})
export const QueueList = Type.Object({ records: Type.Array(QueueRecord) })

export const ChangeQueue = Type.Object(
  {
    closesAfter: Type.Optional(ClosesAfter),
    anyoneReassigns: Type.Optional(Type.Boolean({ description: 'Any handler may assign any thread to anyone' })),
    linksPrevious: Type.Optional(Type.Boolean({ description: 'A new thread says which one its pair had before' })),
    claimsOnReply: Type.Optional(Type.Boolean({ description: 'Who answers a thread without an assignee becomes it' })),
    assigns: Type.Optional(Assigns),
    countsUnread: Type.Optional(Type.Boolean({ description: 'What each handler has not read is counted' })),
  },
  { additionalProperties: false },
)

export const HandlerRecord = Type.Object({
  id: Id,
  identity: Type.String(),
  name: Type.String(),
  extensionId: Nullable(Type.String()),
  onDuty: Type.Boolean(),
  onDutySince: Nullable(DateTime),
  openThreads: Type.Integer({ description: 'Open threads assigned to them, of all queues' }),
})
export const HandlerList = Type.Object({ records: Type.Array(HandlerRecord) })
export const SetDuty = Type.Object({ on: Type.Boolean() }, { additionalProperties: false })

export const UnreadAsked = Type.Object({
  assigned: Type.Optional(
    Type.Union([Type.Literal('me'), Type.Literal('nobody')], { description: 'Of these threads only' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Threads listed; 100 unless said' })),
})
export const Unread = Type.Object({
  total: Type.Integer({ description: 'Texts that are not read' }),
  threads: Type.Integer({ description: 'Open threads that have such' }),
  records: Type.Array(
    Type.Object({
      threadId: Id,
      queueId: Id,
      assigneeId: Nullable(Id),
      unread: Type.Integer(),
      readIndex: Nullable(Type.Integer({ description: 'Up to which message it is read; null: nothing is' })),
      activeAt: DateTime,
    }),
  ),
})
export const MarkRead = Type.Object(
  {
    index: Type.Union([Type.Null(), Type.Integer({ minimum: 0 })], {
      description: 'Up to which message; null: nothing is read',
    }),
  },
  { additionalProperties: false },
)
export const Marked = Type.Object({ index: Nullable(Type.Integer()) })

export const HistoryAsked = Type.Object({
  before: Type.Optional(Type.Integer({ minimum: 0, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})
export const History = Type.Object({
  threadId: Id,
  previousThreadId: Nullable(Id),
  records: Type.Array(
    Type.Object({
      id: Id,
      messageId: Type.String({ description: "The message's id in RingCentral's words" }),
      threadId: Id,
      index: Type.Integer(),
      direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
      author: Type.String(),
      body: Type.String(),
      media: Type.Array(
        Type.Object({
          id: Type.String(),
          contentType: Type.String(),
          fileName: Nullable(Type.String()),
          size: Type.Integer(),
        }),
      ),
      at: DateTime,
    }),
  ),
  next: Nullable(Type.Integer()),
})
