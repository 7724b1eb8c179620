import type { Queryable } from '../../kit/queryable.ts'

/** An open thread in which a handler has not read all. */
export interface UnreadThread {
  threadId: string
  queueId: string
  assigneeId: string | null
  /** Texts of the guest that the handler has not read. */
  unread: number
  /** Up to which message he read; -1: nothing. */
  readIndex: number
  activeAt: Date
}

/**
 * Open threads with texts that a user has not read, of the queues that he handles and that count: the one that heard
 * something last comes first.
 */
export function listUnreadThreads(db: Queryable, accountId: string, userId: string): Promise<UnreadThread[]> {
  return db.query<UnreadThread>(
    `with counted as materialized (
       select t.id, t.queue_id, t.assignee_id, t.active_at, coalesce(r.read_index, -1) as read_index,
         (select count(*) from messages m
           where m.account_id = $1 and m.thread_id = t.id and m.index > coalesce(r.read_index, -1)
             and m.origin = 'sms' and m.deleted_at is null and not m.index = any(coalesce(r.flipped, '{}')))
           + (select count(*) from unnest(r.flipped) as back(index)
             join messages m on m.account_id = $1 and m.thread_id = t.id and m.index = back.index
             where back.index <= r.read_index and m.origin = 'sms' and m.deleted_at is null) as unread
       from handlers h
       join queues q on q.account_id = $1 and q.id = h.queue_id and q.counts_unread and q.deleted_at is null
       join threads t on t.account_id = $1 and t.queue_id = q.id and t.queue_id is not null
         and t.state <> 'closed' and t.deleted_at is null
       left join reads r on r.account_id = $1 and r.user_id = $2 and r.thread_id = t.id
       where h.account_id = $1 and h.user_id = $2
     )
     select c.id as "threadId", c.queue_id as "queueId", c.assignee_id as "assigneeId", c.active_at as "activeAt",
       c.read_index as "readIndex", c.unread
     from counted c
     where c.unread > 0
     order by c.active_at desc, c.id`,
    [accountId, userId],
  )
}
