import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'
import { typed } from './typed-rows.ts'

/** A file as a message shows it. */
export interface MessageMedia {
  id: string
  contentType: string
  fileName: string | null
  size: number
}

/** Something said once in a thread. */
export interface Message {
  id: string
  threadId: string
  /** The thread's queue, repeated here so that a queue's changes are found by index. */
  queueId: string | null
  /** From 0, strictly increasing within the thread. */
  index: number
  origin: 'sms' | 'api' | 'chat'
  author: string
  participantId: string | null
  /** The handler or chat user who wrote it. */
  userId: string | null
  body: string | null
  /** JSON text. */
  attributes: string
  media: MessageMedia[] | null
  /** The inbound text that brought it. */
  smsId: string | null
  /** Our last message before a reply. */
  replyToId: string | null
  /** A reply that came after its thread was closed. */
  isLate: boolean
  settings: Record<string, unknown> | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  born: number
}

export const messageTable = typed(
  table('messages', {
    id: 'uuid',
    thread_id: 'uuid',
    queue_id: 'uuid',
    index: 'integer',
    origin: 'text',
    author: 'text',
    participant_id: 'uuid',
    user_id: 'uuid',
    body: 'text',
    attributes: 'text',
    media: 'json',
    sms_id: 'uuid',
    reply_to_id: 'uuid',
    is_late: 'boolean',
    settings: 'jsonb',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    deleted_at: 'timestamptz',
    version: 'bigint',
    born: 'bigint',
  }),
)

export const messageColumns = selectList(messageTable, 'm')

export const insertMessage: Write<Message> = {
  name: 'new_messages',
  as: messageTable,
  sql: parameter => insertFrom(messageTable, parameter),
}

export const updateMessage: Write<Message> = {
  name: 'changed_messages',
  as: messageTable,
  sql: parameter => updateFrom(messageTable, ['id'], parameter),
}

/** Messages by id: `$1` account, `$2` JSON array of ids. */
export const loadMessages = `select ${messageColumns}
  from json_array_elements_text($2::json) as asked(id)
  join messages m on m.account_id = $1 and m.id = asked.id::uuid`

/** The first messages of a thread after an index: `$1` account, `$2` thread, `$3` index, `$4` how many. */
export const loadMessagesAfter = `select ${messageColumns}
  from messages m
  where m.account_id = $1 and m.thread_id = $2 and m.index > $3 and m.deleted_at is null
  order by m.index
  limit $4`
