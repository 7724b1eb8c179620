import type { Queryable } from '../../kit/queryable.ts'
import type { MessageMedia } from '../messages.ts'

/** Something said in a thread, or in one of those it is linked to. */
export interface HistoryMessage {
  id: string
  born: number
  threadId: string
  index: number
  isInbound: boolean
  author: string
  body: string | null
  media: MessageMedia[] | null
  createdAt: Date
}

/** Threads that history reads back through. */
const MAX_LINKED = 1000

/**
 * What was said in a queue's thread and in those before it that it is linked to, newest first, born before `before`. A
 * deleted thread ends the history.
 */
export function listHistory(
  db: Queryable,
  asked: { accountId: string; threadId: string; before: number | undefined; limit: number },
): Promise<HistoryMessage[]> {
  const { accountId, threadId, before, limit } = asked
  return db.query<HistoryMessage>(
    `with recursive line(id, previous_id, depth) as (
       select t.id, t.previous_thread_id, 1
       from threads t
       where t.account_id = $1 and t.id = $2 and t.deleted_at is null
       union all
       select t.id, t.previous_thread_id, line.depth + 1
       from line
       join threads t on t.account_id = $1 and t.id = line.previous_id and t.deleted_at is null
       where line.depth < ${MAX_LINKED}
     )
     select m.id, m.born, m.thread_id as "threadId", m.index, m.origin = 'sms' as "isInbound", m.author, m.body, m.media,
       m.created_at as "createdAt"
     from line
     cross join lateral (
       select m.id, m.born, m.thread_id, m.index, m.origin, m.author, m.body, m.media, m.created_at
       from messages m
       where m.account_id = $1 and m.thread_id = line.id and m.queue_id is not null and m.deleted_at is null
         and m.born < $3
       order by m.index desc
       limit $4
     ) as m
     order by m.born desc
     limit $4`,
    [accountId, threadId, before ?? Number.MAX_SAFE_INTEGER, limit],
  )
}
