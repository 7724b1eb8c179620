import type { QueueKind } from '../../domain/queue.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { type InboxMessage, MESSAGE_COLUMNS, MESSAGE_JOINS } from './inbox-messages.ts'
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

/** A message of a queue's thread as RingCentral's older message store shows it to one user. */
export interface LegacyMessage extends InboxMessage {
  /** The decimal id of the thread. */
  conversationId: number
  index: number
  person: string
  number: string
  owner: InboxUser & { kind: QueueKind }
  /** Whether the user has read it; what we sent is read. */
  isRead: boolean
  /** When the user last read something of the thread or made it unread; null for what we sent. */
  readAt: Date | null
  /** It was deleted twice: it may not come back. */
  isPurged: boolean
}

export type LegacyAvailability = 'alive' | 'deleted' | 'purged'

export interface LegacyFilter {
  userId: string
  queueIds: string[]
  availability: LegacyAvailability[]
  isInbound: boolean | null
  isRead: boolean | null
  conversationId: number | null
  /** Of the guest or ours. */
  phoneNumber: string | null
  from: Date | null
  to: Date | null
  /** Only the last message of each thread. */
  isDistinct: boolean
}

const IS_READ = `(m.origin <> 'sms'
  or (m.index <= coalesce(r.read_index, -1)) <> (m.index = any(coalesce(r.flipped, '{}'))))`

const COLUMNS = `${MESSAGE_COLUMNS}, t.born as "conversationId", m.index, t.person, t.number,
  json_build_object('extensionId', e.id::text, 'name', q.name, 'kind', q.kind) as owner,
  ${IS_READ} as "isRead", coalesce(m.settings ? 'isPurged', false) as "isPurged",
  case when m.origin = 'sms' then r.updated_at end as "readAt"`

const READING = 'left join reads r on r.account_id = $1 and r.user_id = $2 and r.thread_id = m.thread_id'

const JOINS = `${MESSAGE_JOINS}
  join queues q on q.account_id = $1 and q.id = m.queue_id
  join extensions e on e.account_id = $1 and e.owner_id = q.id
  ${READING}`

const IS_AVAILABLE = {
  alive: 'm.deleted_at is null and m.thread_deleted_at is null',
  deleted: `(m.deleted_at is not null or m.thread_deleted_at is not null) and not coalesce(m.settings ? 'isPurged', false)`,
  purged: `(m.deleted_at is not null or m.thread_deleted_at is not null) and m.settings ? 'isPurged'`,
} as const satisfies Record<LegacyAvailability, string>

/** A user's messages, newest first. */
export function listLegacyMessages(
  db: Queryable,
  accountId: string,
  filter: LegacyFilter,
  asked: PageAsked,
): Promise<Page<LegacyMessage>> {
  return readPage(
    asked,
    () => readLegacyMessages(db, accountId, filter, asked),
    () => {
      const values = new Values(accountId)
      return countUpTo(db, MAX_TOTAL, found(filter, values, `limit ${MAX_TOTAL}`), values)
    },
  )
}

/** One page: each queue, or thread of the guest asked for, is read by its index no further than the page. */
function readLegacyMessages(
  db: Queryable,
  accountId: string,
  filter: LegacyFilter,
  { page, perPage }: PageAsked,
): Promise<LegacyMessage[]> {
  const values = new Values(accountId)
  const offset = (page - 1) * perPage
  const reach = `order by m.created_at desc, m.born desc limit ${offset + perPage}`
  return db.query<LegacyMessage>(
    `select ${COLUMNS}
     from (
       select each.born
       from (${found(filter, values, reach)}) as each
       order by each.created_at desc, each.born desc
       limit ${perPage} offset ${offset}
     ) as page
     join messages m on m.account_id = $1 and m.born = page.born and m.queue_id is not null
     ${JOINS}
     order by m.created_at desc, m.born desc`,
    values.list,
  )
}

/** What the filter lets through, as a subquery. `$2` is the user. */
function found(filter: LegacyFilter, values: Values, end: string): string {
  values.add(filter.userId)
  const queues = values.add(filter.queueIds)
  const where = conditions(filter, values)
  const columns = filter.isDistinct ? 'm.created_at, m.born, m.thread_id' : 'm.created_at, m.born'
  const parts = filter.availability.flatMap(availability =>
    sources(filter, values, queues).map(
      ({ asked, join, fits }) => `(select found.* from ${asked}
        cross join lateral (
          select ${columns}
          from messages m
          ${join}
          ${READING}
          where m.account_id = $1 and m.queue_id is not null and ${fits} and ${IS_AVAILABLE[availability]} ${where}
          ${filter.isDistinct ? '' : end}
        ) as found)`,
    ),
  )
  const all = parts.join(' union all ')
  if (!filter.isDistinct) return all
  return `select distinct on (each.thread_id) each.created_at, each.born
    from (${all}) as each
    order by each.thread_id, each.created_at desc, each.born desc`
}

interface Source {
  asked: string
  join: string
  fits: string
}

/**
 * What the list runs over: the queues or, where a phone number is asked for, the threads of the guest who has it, who has
 * few, and those queues in which threads have it as theirs.
 */
function sources({ phoneNumber }: LegacyFilter, values: Values, queues: string): Source[] {
  const ofQueues = { asked: `unnest(${queues}::uuid[]) as asked(id)`, join: '', fits: 'm.queue_id = asked.id' }
  if (!phoneNumber) return [ofQueues]
  const number = values.add(phoneNumber)
  const ofGuest = {
    asked: `(select t.id
      from threads t
      where t.account_id = $1 and t.person = ${number} and t.queue_id is not null and t.queue_id = any(${queues}::uuid[])
    ) as asked`,
    join: '',
    fits: 'm.thread_id = asked.id',
  }
  const holders = Object.values(HEAPS).map(
    heap => `exists (select from threads t
      where t.account_id = $1 and t.queue_id is not null and t.queue_id = asked.id and t.number = ${number} and ${heap})`,
  )
  const ofNumber = {
    asked: `(select asked.id from ${ofQueues.asked} where ${holders.join(' or ')}) as asked`,
    join: `cross join lateral (select from threads t
      where t.account_id = $1 and t.id = m.thread_id and t.number = ${number} and t.person <> ${number} offset 0) as t`,
    fits: ofQueues.fits,
  }
  return [ofGuest, ofNumber]
}

function conditions(
  filter: Omit<LegacyFilter, 'userId' | 'queueIds' | 'availability' | 'phoneNumber' | 'isDistinct'>,
  values: Values,
): string {
  const parts: string[] = []
  if (filter.isInbound !== null) parts.push(`m.origin ${filter.isInbound ? '=' : '<>'} 'sms'`)
  if (filter.isRead !== null) parts.push(filter.isRead ? IS_READ : `not ${IS_READ}`)
  if (filter.conversationId !== null) parts.push(`m.thread_id = ${threadOf(values.add(filter.conversationId))}`)
  if (filter.from) parts.push(`m.created_at >= ${values.add(filter.from)}`)
  if (filter.to) parts.push(`m.created_at <= ${values.add(filter.to)}`)
  return parts.map(part => `and ${part}`).join(' ')
}

/** The queue's thread of a decimal id. */
function threadOf(born: string): string {
  return `(select c.id from threads c where c.account_id = $1 and c.born = ${born} and c.queue_id is not null)`
}

/** One message by its decimal id, as a user sees it, of queues that he handles. */
export async function findLegacyMessage(
  db: Queryable,
  accountId: string,
  asked: { userId: string; queueIds: string[]; born: number },
): Promise<LegacyMessage | null> {
  const rows = await db.query<LegacyMessage>(
    `select ${COLUMNS}
     from messages m ${JOINS}
     where m.account_id = $1 and m.born = $3 and m.queue_id is not null and m.queue_id = any($4::uuid[])
       and t.person is not null`,
    [accountId, asked.userId, asked.born, asked.queueIds],
  )
  return rows[0] ?? null
}

/**
 * Messages that changed for a user after a version, last changed first: those that changed for everybody, and the
 * guest's of threads of which the user read something, or made it unread.
 */
export function listChangedLegacyMessages(
  db: Queryable,
  accountId: string,
  asked: Pick<LegacyFilter, 'userId' | 'queueIds' | 'isInbound' | 'conversationId'>,
  since: number,
): Promise<LegacyMessage[]> {
  const values = new Values(accountId)
  values.add(asked.userId)
  const queues = values.add(asked.queueIds)
  const version = values.add(since)
  const where = conditions({ ...NO_FILTER, ...asked }, values)
  return db.query<LegacyMessage>(
    `select ${COLUMNS}
     from (
       select m.id
       from messages m
       where m.account_id = $1 and m.version > ${version} and m.queue_id is not null
       union
       select m.id
       from reads c
       join messages m on m.account_id = $1 and m.thread_id = c.thread_id and m.origin = 'sms'
       where c.account_id = $1 and c.user_id = $2 and c.version > ${version}
       union
       select m.id
       from hints h
       join messages m on m.account_id = $1 and m.thread_id = h.thread_id and m.queue_id is not null
       where h.account_id = $1 and h.version > ${version} and h.kind = 'deleted'
     ) as changed
     join messages m on m.account_id = $1 and m.id = changed.id
     ${JOINS}
     where m.queue_id = any(${queues}::uuid[]) and t.person is not null ${where}
     order by m.version desc`,
    values.list,
  )
}

const NO_FILTER = { isRead: null, from: null, to: null } as const
