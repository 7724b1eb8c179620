import type { QueueExtras, QueueKind } from '../../domain/queue.ts'
import type { Queryable } from '../../kit/queryable.ts'

/** A queue as its owner sets it. */
export interface QueueRecord extends QueueExtras {
  id: string
  extensionId: string
  name: string
  kind: QueueKind
  closesAfterMs: number
  anyoneReassigns: boolean
}

const SELECT = `select q.id, e.id::text as "extensionId", q.name, q.kind, q.closes_after_ms as "closesAfterMs",
    q.anyone_reassigns as "anyoneReassigns", q.links_previous as "linksPrevious", q.claims_on_reply as "claimsOnReply",
    q.assigns, q.counts_unread as "countsUnread"
  from queues q
  join extensions e on e.account_id = $1 and e.owner_id = q.id
  where q.account_id = $1 and q.deleted_at is null`

/** The account's queues, oldest first. */
export function listQueueRecords(db: Queryable, accountId: string): Promise<QueueRecord[]> {
  return db.query<QueueRecord>(`${SELECT} order by q.born`, [accountId])
}

/** A queue by its UUID or its decimal id. */
export async function findQueueRecord(
  db: Queryable,
  accountId: string,
  asked: { id: string | null; extensionId: number | null },
): Promise<QueueRecord | null> {
  const rows = await db.query<QueueRecord>(`${SELECT} and (q.id = $2 or e.id = $3)`, [
    accountId,
    asked.id,
    asked.extensionId,
  ])
  return rows[0] ?? null
}

/** A user who handles a queue, as threads are given out. */
export interface HandlerRecord {
  id: string
  identity: string
  name: string
  extensionId: string | null
  onDutySince: Date | null
  /** Open threads assigned to them, of all queues. */
  openThreads: number
}

const HANDLER = `select u.id, u.identity, coalesce(u.friendly_name, u.identity) as name, e.id::text as "extensionId",
    d.since as "onDutySince",
    (select count(*) from threads t
      where t.account_id = $1 and t.assignee_id = u.id and t.deleted_at is null) as "openThreads"
  from users u
  left join extensions e on e.account_id = $1 and e.owner_id = u.id
  left join duties d on d.account_id = $1 and d.user_id = u.id`

/** The handlers of a queue, in the order they were added. */
export function listHandlerRecords(db: Queryable, accountId: string, queueId: string): Promise<HandlerRecord[]> {
  return db.query<HandlerRecord>(
    `${HANDLER}
     join handlers h on h.account_id = $1 and h.user_id = u.id
     where u.account_id = $1 and h.queue_id = $2 and u.deleted_at is null
     order by h.added_at, h.user_id`,
    [accountId, queueId],
  )
}

/** A user by UUID or decimal id. */
export async function findHandlerRecord(
  db: Queryable,
  accountId: string,
  asked: { id: string | null; extensionId: number | null },
): Promise<HandlerRecord | null> {
  const rows = await db.query<HandlerRecord>(
    `${HANDLER}
     where u.account_id = $1 and (u.id = $2 or e.id = $3) and u.deleted_at is null`,
    [accountId, asked.id, asked.extensionId],
  )
  return rows[0] ?? null
}
