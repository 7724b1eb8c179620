import Type from 'typebox'
import { DateTime, HttpUrl, Nullable } from './schemas.ts'

/** UTF-16 units, as segments are counted. Source: Twilio, error 21617. */
const MAX_BODY = 1600
const MAX_ROOM = 256

export const ThreadState = Type.Union(
  ['waiting', 'active', 'inactive', 'closed', 'open'].map(state => Type.Literal(state)),
  { description: '`open`: active or inactive' },
)

export const OpenThread = Type.Object(
  {
    pool: Type.String({ description: 'Name or MG SID of the pool' }),
    to: Type.String({ description: 'Phone number of the person' }),
    body: Type.String({ maxLength: MAX_BODY }),
    room: Type.Optional(
      Nullable(
        Type.String({
          maxLength: MAX_ROOM,
          description: 'Where replies belong: your own word, or the SID or unique name of a conversation',
        }),
      ),
    ),
    number: Type.Optional(Nullable(Type.String({ description: 'One number of the pool, which may be reserved' }))),
    expiresAfter: Type.Optional(
      Nullable(Type.String({ description: 'ISO 8601 duration without a message after which the thread closes' })),
    ),
    expiresAt: Type.Optional(Nullable(Type.String({ format: 'date-time' }))),
    closeOn: Type.Optional(Nullable(Type.Literal('reply'))),
    replyUrl: Type.Optional(Nullable(HttpUrl)),
  },
  { additionalProperties: false },
)

export const ThreadRecord = Type.Object({
  id: Type.String({ format: 'uuid' }),
  sid: Type.String({ description: 'The same id as the SID of a conversation' }),
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('active'),
    Type.Literal('inactive'),
    Type.Literal('closed'),
  ]),
  room: Nullable(Type.String()),
  pool: Type.String(),
  poolSid: Type.String(),
  person: Type.String(),
  number: Nullable(Type.String({ description: 'Null while it waits for one' })),
  closeOn: Nullable(Type.Literal('reply')),
  replyUrl: Nullable(Type.String()),
  messages: Type.Integer(),
  openedAt: DateTime,
  activeAt: DateTime,
  expiresAt: Nullable(DateTime),
  closedAt: Nullable(DateTime),
  closedReason: Nullable(
    Type.String({ description: 'api, timer, reply, undeliverable, taken_idle, pool_exhausted, ...' }),
  ),
})

export const ThreadPage = Type.Object({ records: Type.Array(ThreadRecord), next: Nullable(Type.Integer()) })

export const ThreadFilter = Type.Object({
  room: Type.Optional(Type.String()),
  person: Type.Optional(Type.String()),
  state: Type.Optional(ThreadState),
  pool: Type.Optional(Type.String()),
  before: Type.Optional(Type.Integer({ minimum: 0, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})

export const ThreadId = Type.Object({ id: Type.String({ description: 'UUID or CH SID' }) })

export const SayInThread = Type.Object({ body: Type.String({ maxLength: MAX_BODY }) }, { additionalProperties: false })

export const MessageRecord = Type.Object({
  id: Type.String({ format: 'uuid' }),
  sid: Type.String(),
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
  inReplyTo: Nullable(Type.Object({ id: Type.String(), sid: Type.String() })),
  late: Type.Boolean(),
  at: DateTime,
})

export const MessageList = Type.Object({ records: Type.Array(MessageRecord) })
