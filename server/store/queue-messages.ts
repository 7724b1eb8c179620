import type { Write } from './changes.ts'
import { type Message, messageColumns } from './messages.ts'

/** Messages of queues' threads by their decimal ids: `$1` account, `$2` JSON array of decimal ids. */
export const loadQueueMessages = `select ${messageColumns}
  from json_array_elements_text($2::json) as asked(born)
  join messages m on m.account_id = $1 and m.born = asked.born::bigint and m.queue_id is not null`

/** The last text of a thread. */
export interface LastText {
  threadId: string
  index: number
  body: string | null
}

/** The last text of each thread that is there: `$1` account, `$2` JSON array of threads, `$3` of messages not looked at. */
export const loadLastTexts = `select last.thread_id as "threadId", last.index, last.body
  from json_array_elements_text($2::json) as asked(id)
  cross join lateral (
    select m.thread_id, m.index, m.body
    from messages m
    where m.account_id = $1 and m.thread_id = asked.id::uuid and m.deleted_at is null and m.body <> ''
      and m.id not in (select left_out.id::uuid from json_array_elements_text($3::json) as left_out(id))
    order by m.index desc
    limit 1
  ) as last`

export type QueueMessage = Message & { queueId: string }

/** Gives messages of queues' threads a new version: how their delivery stands changed, not what they say. */
export const bumpMessage: Write<{ id: string; version: number }> = {
  name: 'bumped_messages',
  sql: parameter => `update messages as m
    set version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, version bigint)
    where m.account_id = $1 and m.id = r.id and m.queue_id is not null`,
}

/** Notes on the messages of threads that their thread is deleted: lists of what is there, and of what is not, go by it. */
export const hideMessages: Write<{ threadId: string; deletedAt: Date | null }> = {
  name: 'hidden_messages',
  sql: parameter => `update messages as m
    set thread_deleted_at = r."deletedAt"
    from json_to_recordset($${parameter}::json) as r("threadId" uuid, "deletedAt" timestamptz)
    where m.account_id = $1 and m.thread_id = r."threadId" and m.queue_id is not null`,
}
