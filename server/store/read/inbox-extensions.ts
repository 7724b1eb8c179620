import type { QueueKind } from '../../domain/queue.ts'
import type { Queryable } from '../../kit/queryable.ts'

/** A user or queue under its decimal id. */
export interface InboxExtension {
  id: number
  kind: 'user' | 'queue'
  /** Null for users. */
  queueKind: QueueKind | null
  /** UUID of the user or queue. */
  ownerId: string
  extensionNumber: string
  name: string
  identity: string | null
  isAdmin: boolean
  createdAt: Date
}

const SELECT = `select e.id, e.kind, q.kind as "queueKind", e.owner_id as "ownerId",
    e.extension_number as "extensionNumber", coalesce(u.friendly_name, u.identity, q.name) as name, u.identity,
    e.is_admin as "isAdmin", e.created_at as "createdAt"
  from extensions e
  left join users u on e.kind = 'user' and u.account_id = $1 and u.id = e.owner_id
  left join queues q on e.kind = 'queue' and q.account_id = $1 and q.id = e.owner_id
  where e.account_id = $1 and e.deleted_at is null and u.deleted_at is null and q.deleted_at is null`

/** All users and queues that are there, oldest first. */
export function listInboxExtensions(db: Queryable, accountId: string): Promise<InboxExtension[]> {
  return db.query<InboxExtension>(`${SELECT} order by e.born`, [accountId])
}

export async function findInboxExtension(db: Queryable, accountId: string, id: number): Promise<InboxExtension | null> {
  const rows = await db.query<InboxExtension>(`${SELECT} and e.id = $2`, [accountId, id], { isPrepared: true })
  return rows[0] ?? null
}

/** Users who handle a queue, in the order they were added. */
export function listQueueHandlers(db: Queryable, accountId: string, queueId: string): Promise<InboxExtension[]> {
  return db.query<InboxExtension>(
    `${SELECT} and e.kind = 'user'
       and e.owner_id in (select h.user_id from handlers h where h.account_id = $1 and h.queue_id = $2)
     order by e.born`,
    [accountId, queueId],
  )
}

/** A queue that a user handles; one that was deleted still shows its threads. */
export interface HandledQueueRow {
  queueId: string
  extensionId: string
  extensionNumber: string
  name: string
  kind: QueueKind
  isDeleted: boolean
}

/** The queues that a user handles, oldest first. */
export function listHandledQueues(db: Queryable, accountId: string, userId: string): Promise<HandledQueueRow[]> {
  return db.query<HandledQueueRow>(
    `select q.id as "queueId", e.id::text as "extensionId", e.extension_number as "extensionNumber", q.name, q.kind,
       q.deleted_at is not null as "isDeleted"
     from handlers h
     join queues q on q.account_id = $1 and q.id = h.queue_id
     join extensions e on e.account_id = $1 and e.owner_id = q.id
     where h.account_id = $1 and h.user_id = $2
     order by q.born`,
    [accountId, userId],
    { isPrepared: true },
  )
}

/** One of the account's numbers with the queue that owns it. */
export interface InboxNumber {
  /** The decimal id. */
  born: number
  number: string
  kind: 'local' | 'mobile' | 'toll_free' | 'short_code'
  country: string
  label: string
  queueId: string | null
  ownerId: number | null
  ownerNumber: string | null
  ownerName: string | null
  ownerKind: QueueKind | null
  /** The first number of the main site. */
  isMain: boolean
}

/** The account's numbers, oldest first; with queues, only theirs. */
export function listInboxNumbers(
  db: Queryable,
  accountId: string,
  queueIds: string[] | null = null,
): Promise<InboxNumber[]> {
  return db.query<InboxNumber>(
    `select n.born, n.number, n.kind, n.country, n.friendly_name as label, q.id as "queueId", e.id as "ownerId",
       e.extension_number as "ownerNumber", q.name as "ownerName", q.kind as "ownerKind",
       coalesce(q.kind = 'main_site' and n.born = min(n.born) over (partition by q.kind), false) as "isMain"
     from numbers n
     left join queues q on q.account_id = $1 and q.id = n.queue_id and q.deleted_at is null
     left join extensions e on e.account_id = $1 and e.owner_id = q.id
     where n.account_id = $1 and n.released_at is null and ($2::uuid[] is null or n.queue_id = any($2::uuid[]))
     order by n.born`,
    [accountId, queueIds],
  )
}

/** The extension of a user. */
export async function findExtensionOfUser(
  db: Queryable,
  accountId: string,
  userId: string,
): Promise<InboxExtension | null> {
  const rows = await db.query<InboxExtension>(`${SELECT} and e.owner_id = $2`, [accountId, userId])
  return rows[0] ?? null
}
