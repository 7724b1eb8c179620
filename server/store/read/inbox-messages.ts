import type { SmsStatus } from '../../domain/sms.ts'
import type { Queryable } from '../../kit/queryable.ts'
import type { MessageMedia } from '../messages.ts'
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

export type { MessageMedia } from '../messages.ts'

/** What was said in a queue's thread, with how its way to the guest stands. */
export interface InboxMessage {
  /** The decimal id. */
  born: number
  threadId: string
  isInbound: boolean
  body: string | null
  media: MessageMedia[] | null
  /** The handler who wrote it. */
  author: InboxUser | null
  /** Of the text that carries it to the guest; null when there is none. */
  status: SmsStatus | null
  errorCode: number | null
  createdAt: Date
  /** The last change of the message, of its delivery, or of its thread's being there. */
  updatedAt: Date
  /** It was deleted, or its thread was. */
  isDeleted: boolean
  version: number
}

/** A message of the inbox; goes with `MESSAGE_JOINS`, in which it is `m`, its thread `t` and its text `s`. */
export const MESSAGE_COLUMNS = `m.born, m.thread_id as "threadId", m.origin = 'sms' as "isInbound", m.body,
  coalesce(m.media, s.media) as media,
  case when m.user_id is not null then ${userJson('m.user_id')} end as author,
  s.status, s.error_code as "errorCode", m.created_at as "createdAt",
  greatest(m.updated_at, s.updated_at, t.deleted_at) as "updatedAt",
  m.deleted_at is not null or t.deleted_at is not null as "isDeleted", m.version`

/** A message has a text for each recipient; the guest's is looked at. Its files may have been fetched for it only. */
export const MESSAGE_JOINS = `join threads t on t.account_id = $1 and t.id = m.thread_id
  left join lateral (
    select s.status, s.error_code, s.updated_at,
      case when s.media_count > 0 then (
        select json_agg(json_build_object('id', f.id, 'contentType', f.content_type, 'fileName', f.file_name,
          'size', f.size) order by f.position)
        from media f
        where f.account_id = $1 and f.sms_id = s.id and f.fetched_at is not null) end as media
    from sms s
    where s.account_id = $1 and s.message_id = m.id and s.direction = 'out'
    order by s.person = t.person desc, s.born
    limit 1
  ) as s on m.origin <> 'sms'`

const FROM = `messages m ${MESSAGE_JOINS}`

export interface MessageFilter {
  queueIds: string[]
  threadIds: string[] | null
  /** Decimal ids. */
  ids: number[] | null
  isThreadOpen: boolean | null
  availability: ('alive' | 'deleted')[]
  from: Date | null
  to: Date | null
}

type Availability = MessageFilter['availability'][number]

/** Open threads are few: said so that they may be looked for first, by their queue. */
const OPEN_THREAD = `join threads t on t.account_id = $1 and t.id = m.thread_id and t.state <> 'closed'
  and t.queue_id is not null and t.queue_id = m.queue_id`
/** Most are closed: messages are gone through, and each is asked for its thread. */
const CLOSED_THREAD = `cross join lateral (
  select from threads t where t.account_id = $1 and t.id = m.thread_id and t.state = 'closed' offset 0) as t`

function threadOf(isOpen: boolean | null, availability: Availability): string {
  if (isOpen === null) return ''
  if (!isOpen) return CLOSED_THREAD
  return availability === 'alive' ? `${OPEN_THREAD} and t.deleted_at is null` : OPEN_THREAD
}

/** By the index of the one or the other. */
const IS_AVAILABLE = {
  alive: 'm.deleted_at is null and m.thread_deleted_at is null',
  deleted: '(m.deleted_at is not null or m.thread_deleted_at is not null)',
} as const satisfies Record<Availability, string>

/** Messages of queues, oldest first. */
export function listInboxMessages(
  db: Queryable,
  accountId: string,
  filter: MessageFilter,
  asked: PageAsked,
): Promise<Page<InboxMessage>> {
  return readPage(
    asked,
    () => readInboxMessages(db, accountId, filter, asked),
    () => countInboxMessages(db, accountId, filter),
  )
}

async function countInboxMessages(db: Queryable, accountId: string, filter: MessageFilter): Promise<number> {
  const count = (isThreadOpen: boolean | null, max: number) => {
    const values = new Values(accountId)
    return countUpTo(db, max, found({ ...filter, isThreadOpen }, values, '1 as one', `limit ${max}`), values)
  }
  if (filter.isThreadOpen !== false) return count(filter.isThreadOpen, MAX_TOTAL)
  // Most threads are closed: what was said in open ones is taken off, so that nobody asks message by message.
  const inOpen = await count(true, Number.MAX_SAFE_INTEGER)
  return (await count(null, MAX_TOTAL + inOpen)) - inOpen
}

/** One page: each queue, thread or id asked for is read by its index no further than the page. */
function readInboxMessages(
  db: Queryable,
  accountId: string,
  filter: MessageFilter,
  { page, perPage }: PageAsked,
): Promise<InboxMessage[]> {
  const values = new Values(accountId)
  const offset = (page - 1) * perPage
  const reach = `order by m.created_at, m.born limit ${values.add(offset + perPage)}`
  return db.query<InboxMessage>(
    `select ${MESSAGE_COLUMNS}
     from (
       select each.born
       from (${found(filter, values, 'm.created_at, m.born', reach)}) as each
       order by each.created_at, each.born
       limit ${values.add(perPage)} offset ${values.add(offset)}
     ) as page
     join messages m on m.account_id = $1 and m.born = page.born and m.queue_id is not null
     ${MESSAGE_JOINS}
     order by m.created_at, m.born`,
    values.list,
  )
}

/** What the filter lets through, as a subquery: what is there and what is deleted are read apart. */
function found(filter: MessageFilter, values: Values, columns: string, end: string): string {
  const queues = values.add(filter.queueIds)
  const { asked, fits } = source(filter, values, queues)
  const where = conditions(filter, values)
  return filter.availability
    .map(
      availability => `(select found.* from ${asked}
        cross join lateral (
          select ${columns}
          from messages m
          ${threadOf(filter.isThreadOpen, availability)}
          where m.account_id = $1 and m.queue_id is not null and ${fits} and ${IS_AVAILABLE[availability]} ${where}
          ${end}) as found)`,
    )
    .join(' union all ')
}

/** What the list runs over: the ids asked for, else the threads, else the queues. */
function source(filter: MessageFilter, values: Values, queues: string): { asked: string; fits: string } {
  const isHandled = `m.queue_id = any(${queues}::uuid[])`
  if (filter.ids) {
    const asked = `(select distinct unnest(${values.add(filter.ids)}::bigint[])) as asked(id)`
    return { asked, fits: `m.born = asked.id and ${isHandled}` }
  }
  if (filter.threadIds) {
    const asked = `(select distinct unnest(${values.add(filter.threadIds)}::uuid[])) as asked(id)`
    return { asked, fits: `m.thread_id = asked.id and ${isHandled}` }
  }
  return { asked: `unnest(${queues}::uuid[]) as asked(id)`, fits: 'm.queue_id = asked.id' }
}

function conditions(filter: MessageFilter, values: Values): string {
  const parts: string[] = []
  if (filter.ids && filter.threadIds) parts.push(`m.thread_id = any(${values.add(filter.threadIds)}::uuid[])`)
  if (filter.from) parts.push(`m.created_at >= ${values.add(filter.from)}`)
  if (filter.to) parts.push(`m.created_at <= ${values.add(filter.to)}`)
  return parts.map(part => `and ${part}`).join(' ')
}

/** One message by its decimal id, with its queue. */
export async function findInboxMessage(
  db: Queryable,
  accountId: string,
  born: number,
): Promise<(InboxMessage & { queueId: string }) | null> {
  const rows = await db.query<InboxMessage & { queueId: string }>(
    `select ${MESSAGE_COLUMNS}, m.queue_id as "queueId"
     from ${FROM}
     where m.account_id = $1 and m.born = $2 and m.queue_id is not null`,
    [accountId, born],
  )
  return rows[0] ?? null
}

/** The message of queues' threads that shows a file, as far as the file says by which text it came or went. */
export async function findMessageOfFile(
  db: Queryable,
  accountId: string,
  mediaId: string,
  queueIds: string[],
): Promise<number | null> {
  const rows = await db.query<{ born: number }>(
    `select m.born
     from media f
     join sms s on s.account_id = $1 and s.id = f.sms_id
     join messages m on m.account_id = $1 and m.id = s.message_id and m.queue_id = any($3::uuid[])
     where f.account_id = $1 and (f.id = $2 or f.copy_of = $2)
     limit 1`,
    [accountId, mediaId, queueIds],
  )
  return rows[0]?.born ?? null
}

/** All messages of threads but those that were deleted for themselves. */
export function listMessagesOfThreads(db: Queryable, accountId: string, threadIds: string[]): Promise<InboxMessage[]> {
  return db.query<InboxMessage>(
    `select ${MESSAGE_COLUMNS}
     from ${FROM}
     where m.account_id = $1 and m.thread_id = any($2::uuid[]) and m.queue_id is not null and m.deleted_at is null`,
    [accountId, threadIds],
  )
}

/** Messages of queues' threads that changed after a version; `threads` narrows them further. */
export function listChangedMessages(
  db: Queryable,
  accountId: string,
  queueIds: string[],
  since: number,
  threads: (values: Values) => string,
): Promise<InboxMessage[]> {
  const values = new Values(accountId)
  const queues = values.add(queueIds)
  return db.query<InboxMessage>(
    `select ${MESSAGE_COLUMNS}
     from ${FROM}
     where m.account_id = $1 and m.version > ${values.add(since)} and m.queue_id is not null
       and m.queue_id = any(${queues}::uuid[]) and ${threads(values)}`,
    values.list,
  )
}
