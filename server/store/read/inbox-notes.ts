import type { Queryable } from '../../kit/queryable.ts'
import {
  countUpTo,
  type InboxUser,
  MAX_TOTAL,
  type Page,
  type PageAsked,
  readPage,
  userJson,
  Values,
} from './inbox-parts.ts'

/** What a handler noted on a thread. */
export interface InboxNote {
  id: string
  threadId: string
  text: string
  author: InboxUser | null
  createdAt: Date
  /** The last change of the note or of its thread's being there. */
  updatedAt: Date
  /** It was deleted, or its thread was. */
  isDeleted: boolean
  version: number
}

const COLUMNS = `n.id, n.thread_id as "threadId", n.text, ${userJson('n.author_id')} as author,
  n.created_at as "createdAt", greatest(n.updated_at, t.deleted_at) as "updatedAt",
  n.deleted_at is not null or t.deleted_at is not null as "isDeleted", n.version`

const FROM = 'notes n join threads t on t.account_id = $1 and t.id = n.thread_id'

export interface NoteFilter {
  queueIds: string[]
  threadIds: string[] | null
  ids: string[] | null
  availability: ('alive' | 'deleted')[]
}

const IS_DELETED = '(n.deleted_at is not null or t.deleted_at is not null)'

/** Notes on queues' threads, oldest first. */
export function listInboxNotes(
  db: Queryable,
  accountId: string,
  filter: NoteFilter,
  asked: PageAsked,
): Promise<Page<InboxNote>> {
  return readPage(
    asked,
    () => readInboxNotes(db, accountId, filter, asked),
    () => {
      const values = new Values(accountId)
      return countUpTo(db, MAX_TOTAL, found(filter, values, `limit ${MAX_TOTAL}`), values)
    },
  )
}

/** One page: each queue or thread asked for is read by its index no further than the page. */
function readInboxNotes(
  db: Queryable,
  accountId: string,
  filter: NoteFilter,
  { page, perPage }: PageAsked,
): Promise<InboxNote[]> {
  const values = new Values(accountId)
  const offset = (page - 1) * perPage
  return db.query<InboxNote>(
    `select ${COLUMNS}
     from (
       select each.id
       from (${found(filter, values, `order by n.born limit ${offset + perPage}`)}) as each
       order by each.born
       limit ${perPage} offset ${offset}
     ) as page
     join notes n on n.account_id = $1 and n.id = page.id
     join threads t on t.account_id = $1 and t.id = n.thread_id
     order by n.born`,
    values.list,
  )
}

/** What the filter lets through, queue by queue or thread by thread, as a subquery. */
function found(filter: NoteFilter, values: Values, end: string): string {
  const parts: string[] = []
  const queues = values.add(filter.queueIds)
  if (filter.threadIds) parts.push(`n.queue_id = any(${queues}::uuid[])`)
  if (filter.ids) parts.push(`n.id = any(${values.add(filter.ids)}::uuid[])`)
  if (!filter.availability.includes('alive')) parts.push(IS_DELETED)
  if (!filter.availability.includes('deleted')) parts.push(`not ${IS_DELETED}`)
  const asked = filter.threadIds ? values.add(filter.threadIds) : queues
  return `select found.id, found.born
    from (select distinct unnest(${asked}::uuid[])) as asked(id)
    cross join lateral (
      select n.id, n.born
      from ${FROM}
      where n.account_id = $1 and n.${filter.threadIds ? 'thread_id' : 'queue_id'} = asked.id
        ${parts.map(part => `and ${part}`).join(' ')}
      ${end}
    ) as found`
}

/** One note, deleted ones included. */
export async function findInboxNote(db: Queryable, accountId: string, noteId: string): Promise<InboxNote | null> {
  const rows = await db.query<InboxNote>(`select ${COLUMNS} from ${FROM} where n.account_id = $1 and n.id = $2`, [
    accountId,
    noteId,
  ])
  return rows[0] ?? null
}

/** All notes on threads but those that were deleted for themselves. */
export function listNotesOfThreads(db: Queryable, accountId: string, threadIds: string[]): Promise<InboxNote[]> {
  return db.query<InboxNote>(
    `select ${COLUMNS}
     from ${FROM}
     where n.account_id = $1 and n.thread_id = any($2::uuid[]) and n.deleted_at is null`,
    [accountId, threadIds],
  )
}

/** Notes on queues' threads that changed after a version; `threads` narrows them further. */
export function listChangedNotes(
  db: Queryable,
  accountId: string,
  queueIds: string[],
  since: number,
  threads: (values: Values) => string,
): Promise<InboxNote[]> {
  const values = new Values(accountId)
  const queues = values.add(queueIds)
  return db.query<InboxNote>(
    `select ${COLUMNS}
     from ${FROM}
     where n.account_id = $1 and n.version > ${values.add(since)} and n.queue_id = any(${queues}::uuid[])
       and ${threads(values)}`,
    values.list,
  )
}
