import type { InboxChange, TextNews } from '../../domain/inbox-news.ts'
import type { Queryable } from '../../kit/queryable.ts'

export interface VersionsAsked {
  since: number
  through: number
  limit: number
}

/**
 * A message `m` that came or changed in a stretch. One that came in it and has changed since is told as new here, and as
 * changed in the stretch after.
 */
const MESSAGE_MOVED = '(m.version > $2 and m.born <= $3 and (m.version <= $3 or m.born > $2))'
const MESSAGE_VERSION = 'case when m.version <= $3 then m.version else m.born end'

/**
 * Whose the thread of `m` was when `m` moved; null, for all handlers, when it changed hands since. The line of history that
 * follows its opening changes nothing: it was his from the start.
 */
const ASSIGNEE = `case when not exists (
  select from hints later
  where later.account_id = $1 and later.thread_id = m.thread_id and later.kind = 'assigned'
    and later.version > greatest(m.born, $2) and not exists (
      select from hints opened
      where opened.account_id = $1 and opened.version = later.version - 1 and opened.thread_id = later.thread_id
        and opened.kind = 'created')) then t.assignee_id end`

/**
 * What happened in queues' threads in a stretch of versions, oldest first: lines of history, messages and notes. What
 * one act brought about alike is one row, of its last version. A thread that a handler opened by writing is opened as
 * his; its line of being assigned says the same again and is left out.
 */
export function listInboxChanges(
  db: Queryable,
  accountId: string,
  { since, through, limit }: VersionsAsked,
): Promise<InboxChange[]> {
  return db.query<InboxChange>(
    `select each.what, each."queueId", each."assigneeId", each.at, max(each.version) as version
     from (
       select case h.kind when 'created' then 'opened' else h.kind end as what, h.queue_id as "queueId",
         opener.assignee_id as "assigneeId", date_trunc('milliseconds', h.at) as at, h.version
       from hints h
       left join hints opener on h.kind = 'created' and opener.account_id = $1 and opener.version = h.version + 1
         and opener.thread_id = h.thread_id and opener.kind = 'assigned' and opener.initiator_id = opener.assignee_id
       where h.account_id = $1 and h.version > $2 and h.version <= $3
         and not (h.kind = 'assigned' and h.initiator_id = h.assignee_id and exists (
           select from hints opened
           where opened.account_id = $1 and opened.version = h.version - 1 and opened.thread_id = h.thread_id
             and opened.kind = 'created'))
       union all
       select
         case
           when m.version > $3 then 'message_added'
           when m.deleted_at is not null then 'message_deleted'
           when m.born > $2 then 'message_added'
           else 'message_changed'
         end,
         m.queue_id, ${ASSIGNEE},
         date_trunc('milliseconds', case
           when m.born > $2 then m.updated_at
           else greatest(m.updated_at, (
             select max(s.updated_at) from sms s
             where s.account_id = $1 and s.message_id = m.id and s.direction = 'out'))
         end),
         ${MESSAGE_VERSION}
       from messages m
       join threads t on t.account_id = $1 and t.id = m.thread_id
       where m.account_id = $1 and m.queue_id is not null and ${MESSAGE_MOVED}
       union all
       select 'noted', n.queue_id, null, date_trunc('milliseconds', n.updated_at), n.version
       from notes n
       where n.account_id = $1 and n.version > $2 and n.version <= $3
     ) as each
     group by each.what, each."queueId", each."assigneeId", each.at
     order by version
     limit $4`,
    [accountId, since, through, limit],
  )
}

/** Users whose grants changed in a stretch of versions, oldest first. */
export function listGrantChanges(
  db: Queryable,
  accountId: string,
  { since, through, limit }: VersionsAsked,
): Promise<{ userId: string; version: number }[]> {
  return db.query(
    `select g.user_id as "userId", g.version
     from grant_changes g
     where g.account_id = $1 and g.version > $2 and g.version <= $3
     order by g.version
     limit $4`,
    [accountId, since, through, limit],
  )
}

/** Who handles these queues. */
export async function findHandlersOf(
  db: Queryable,
  accountId: string,
  queueIds: string[],
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>(queueIds.map(id => [id, new Set()]))
  if (queueIds.length === 0) return found
  const rows = await db.query<{ queueId: string; userId: string }>(
    `select h.queue_id as "queueId", h.user_id as "userId"
     from handlers h
     join users u on u.account_id = $1 and u.id = h.user_id and u.deleted_at is null
     where h.account_id = $1 and h.queue_id = any($2::uuid[])`,
    [accountId, queueIds],
  )
  for (const { queueId, userId } of rows) found.get(queueId)?.add(userId)
  return found
}

/** Messages of queues' threads that changed in a stretch of versions, oldest change first. */
export function listTextNews(
  db: Queryable,
  accountId: string,
  { since, through, limit }: VersionsAsked,
): Promise<TextNews[]> {
  return db.query<TextNews>(
    `select m.id as "messageId", m.born > $2 as "isNew",
       m.deleted_at is not null or m.thread_deleted_at is not null as "isDeleted", m.origin = 'sms' as "isInbound", m.born,
       q.id as "queueId", q.name as "queueName", t.person, t.number, m.body, coalesce(m.media, '[]') as files,
       t.born as "conversationId", m.created_at as "createdAt", m.updated_at as "updatedAt", ${MESSAGE_VERSION} as version
     from messages m
     join threads t on t.account_id = $1 and t.id = m.thread_id
     join queues q on q.account_id = $1 and q.id = m.queue_id
     where m.account_id = $1 and m.queue_id is not null and ${MESSAGE_MOVED}
       and t.person is not null and t.number is not null
     order by version
     limit $4`,
    [accountId, since, through, limit],
  )
}
