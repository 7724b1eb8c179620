import type { QueueKind } from '../../domain/queue.ts'
import type { ThreadState } from '../../domain/thread.ts'
import type { Queryable } from '../../kit/queryable.ts'
import {
  countUpTo,
  HEAPS,
  type InboxUser,
  MAX_TOTAL,
  type Page,
  type PageAsked,
  readPage,
  Values,
} from './inbox-parts.ts'

/** A queue's thread as its handlers see it. */
export interface InboxThread {
  id: string
  queueId: string
  state: ThreadState
  closedReason: string | null
  person: string | null
  number: string | null
  label: string | null
  /** The thread that its pair had before, where the queue links them. */
  previousThreadId: string | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  version: number
  owner: InboxUser & { kind: QueueKind }
  assignee: InboxUser | null
}

const COLUMNS = `t.id, t.queue_id as "queueId", t.state, t.closed_reason as "closedReason", t.person, t.number, t.label,
  t.previous_thread_id as "previousThreadId",
  t.created_at as "createdAt", t.updated_at as "updatedAt", t.deleted_at as "deletedAt", t.version,
  json_build_object('extensionId', qe.id::text, 'name', q.name, 'kind', q.kind) as owner,
  case when ae.id is not null then
    json_build_object('extensionId', ae.id::text, 'name', coalesce(a.friendly_name, a.identity)) end as assignee`

/** Whose the thread is. Users who are gone keep their names. */
const OWNERS = `join queues q on q.account_id = $1 and q.id = t.queue_id
  left join extensions qe on qe.account_id = $1 and qe.owner_id = q.id
  left join users a on a.account_id = $1 and a.id = t.assignee_id
  left join extensions ae on ae.account_id = $1 and ae.owner_id = a.id`

/** One thread of a queue, deleted ones included. */
export async function findInboxThread(db: Queryable, accountId: string, threadId: string): Promise<InboxThread | null> {
  const rows = await db.query<InboxThread>(
    `select ${COLUMNS} from threads t ${OWNERS} where t.account_id = $1 and t.id = $2`,
    [accountId, threadId],
    { isPrepared: true },
  )
  return rows[0] ?? null
}

export interface ThreadFilter {
  queueIds: string[]
  isOpen: boolean | null
  /** Both, when alive and deleted ones are asked for. */
  availability: ('alive' | 'deleted')[]
  from: Date | null
  to: Date | null
  number: string | null
  person: string | null
}

/** Threads of queues, oldest first. */
export function listInboxThreads(
  db: Queryable,
  accountId: string,
  filter: ThreadFilter,
  asked: PageAsked,
): Promise<Page<InboxThread>> {
  return readPage(
    asked,
    () => readInboxThreads(db, accountId, filter, asked),
    () => countInboxThreads(db, accountId, filter),
  )
}

/** One page of the list: each queue is read no further than the page, by an index that has all that is needed. */
export function readInboxThreads(
  db: Queryable,
  accountId: string,
  filter: ThreadFilter,
  { page, perPage }: PageAsked,
): Promise<InboxThread[]> {
  const values = new Values(accountId)
  const offset = (page - 1) * perPage
  const reach = `order by t.created_at, t.born limit ${values.add(offset + perPage)}`
  return db.query<InboxThread>(
    `select ${COLUMNS}
     from (
       select each.born
       from (${found(filter, values, 't.created_at, t.born', reach)}) as each
       order by each.created_at, each.born
       limit ${values.add(perPage)} offset ${values.add(offset)}
     ) as page
     join threads t on t.account_id = $1 and t.born = page.born and t.queue_id is not null
     ${OWNERS}
     order by t.created_at, t.born`,
    values.list,
  )
}

/** How many threads the list holds; `MAX_TOTAL` when there are more. Read from indexes, unless filters are combined. */
export async function countInboxThreads(db: Queryable, accountId: string, filter: ThreadFilter): Promise<number> {
  const values = new Values(accountId)
  return countUpTo(db, MAX_TOTAL, found(filter, values, '1 as one', `limit ${MAX_TOTAL}`), values)
}

function heapsOf({ availability, isOpen }: ThreadFilter): (keyof typeof HEAPS)[] {
  const alive = isOpen === null ? (['open', 'closed'] as const) : [isOpen ? ('open' as const) : ('closed' as const)]
  return availability.flatMap(each => (each === 'alive' ? alive : (['deleted'] as const)))
}

/** What the filter lets through, queue by queue and heap by heap, as a subquery. */
function found(filter: ThreadFilter, values: Values, columns: string, end: string): string {
  const queues = values.add(filter.queueIds)
  const where = conditions(filter, values)
  return heapsOf(filter)
    .map(
      heap => `(select found.* from unnest(${queues}::uuid[]) as asked(queue_id)
        cross join lateral (
          select ${columns} from threads t
          where t.account_id = $1 and t.queue_id is not null and t.queue_id = asked.queue_id and ${HEAPS[heap]} ${where}
          ${end}) as found)`,
    )
    .join(' union all ')
}

function conditions(filter: ThreadFilter, values: Values): string {
  const parts: string[] = []
  if (filter.isOpen !== null) parts.push(`t.state ${filter.isOpen ? '<>' : '='} 'closed'`)
  if (filter.from) parts.push(`t.created_at >= ${values.add(filter.from)}`)
  if (filter.to) parts.push(`t.created_at <= ${values.add(filter.to)}`)
  if (filter.number) parts.push(`t.number = ${values.add(filter.number)}`)
  if (filter.person) parts.push(`t.person = ${values.add(filter.person)}`)
  return parts.map(part => `and ${part}`).join(' ')
}

/** All open threads of queues, last changed first. */
export function listOpenInboxThreads(db: Queryable, accountId: string, queueIds: string[]): Promise<InboxThread[]> {
  return db.query<InboxThread>(
    `select ${COLUMNS}
     from threads t ${OWNERS}
     where t.account_id = $1 and t.queue_id = any($2::uuid[]) and t.state <> 'closed' and t.deleted_at is null
     order by t.updated_at desc, t.version desc`,
    [accountId, queueIds],
  )
}

/** Threads of queues that changed after a version, whatever became of them, last changed first. */
export function listChangedInboxThreads(
  db: Queryable,
  accountId: string,
  queueIds: string[],
  since: number,
): Promise<InboxThread[]> {
  return db.query<InboxThread>(
    `select ${COLUMNS}
     from unnest($2::uuid[]) as asked(queue_id)
     join threads t on t.account_id = $1 and t.queue_id is not null and t.queue_id = asked.queue_id and t.version > $3
     ${OWNERS}
     order by t.updated_at desc, t.version desc`,
    [accountId, queueIds, since],
  )
}
