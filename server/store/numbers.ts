import type { Priority } from '../domain/priority.ts'
import type { QueueExtras } from '../domain/queue.ts'
import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom, upsertFrom } from './rows.ts'

/** What a text may leave from. */
export type SenderRoute = NumberRoute | NameRoute

/** A name that texts come from: nobody can answer it. `number` is the name. */
export interface NameRoute {
  kind: 'name'
  number: string
  /** The pool that sends by it. */
  poolId: string
  carrier: string
  /** The one country that it is for; null: all that take names. */
  country: string | null
  settings: Record<string, unknown>
  isMasking: false
  owner: null
}

/** How one of our numbers routes what reaches it, and who carries what leaves it. */
export interface NumberRoute {
  id: string
  number: string
  kind: 'local' | 'mobile' | 'toll_free' | 'short_code'
  carrier: string
  smsUrl: string
  smsMethod: 'GET' | 'POST'
  smsFallbackUrl: string
  smsFallbackMethod: 'GET' | 'POST'
  queueId: string | null
  poolId: string | null
  settings: Record<string, unknown>
  /** Of texts that leave from it, as its pool says, or else its owner. */
  priority: Priority | null
  /** It is in a pool that masks persons from each other: who says stop says it to this number alone. */
  isMasking: boolean
  /** The account is suspended: no app is told of texts. */
  isSuspended: boolean
  /** The queue that owns the number. */
  owner: QueueOwner | null
}

/** What is asked of a queue when a text opens a thread for it. */
export interface QueueOwner extends QueueExtras {
  id: string
  closesAfterMs: number
  /** The conversation service that its threads belong to: the account's default one. */
  serviceId: string
}

/**
 * Routes of numbers that the account holds: `$1` account, `$2` JSON array of numbers. An application's URLs go before the
 * number's own; while the account is suspended no app is told of texts.
 */
export const loadNumberRoutes = `select n.id, n.number, n.kind, n.carrier,
    case when a.status <> 'active' then '' when p.id is null then n.sms_url else p.sms_url end as "smsUrl",
    case when p.id is null then n.sms_method else p.sms_method end as "smsMethod",
    case when p.id is null then n.sms_fallback_url else p.sms_fallback_url end as "smsFallbackUrl",
    case when p.id is null then n.sms_fallback_method else p.sms_fallback_method end as "smsFallbackMethod",
    n.queue_id as "queueId", n.pool_id as "poolId", n.settings,
    coalesce(m.settings ->> 'priority', n.settings -> 'delivery' ->> 'priority') as priority,
    coalesce(m.settings ? 'proxy', false) as "isMasking", a.status <> 'active' as "isSuspended",
    case when q.id is not null then json_build_object('id', q.id, 'closesAfterMs', q.closes_after_ms,
      'linksPrevious', q.links_previous, 'claimsOnReply', q.claims_on_reply, 'assigns', q.assigns,
      'countsUnread', q.counts_unread,
      'serviceId', coalesce(a.settings ->> 'defaultServiceId', a.account_id::text)) end as owner
  from json_array_elements_text($2::json) as asked(number)
  join numbers n on n.account_id = $1 and n.number = asked.number and n.released_at is null
  left join applications p on p.account_id = $1 and p.id = n.sms_application_id
  left join pools m on m.account_id = $1 and m.id = n.pool_id
  left join queues q on q.account_id = $1 and q.id = n.queue_id and q.deleted_at is null
  join accounts a on a.account_id = $1`

/** One of our numbers with everything that its owner may set. */
export interface OwnedNumber extends Omit<NumberRoute, 'owner' | 'isMasking' | 'isSuspended' | 'priority'> {
  country: string
  friendlyName: string
  statusCallback: string
  statusCallbackMethod: 'GET' | 'POST'
  smsApplicationId: string | null
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

const ownedNumberTable = table('numbers', {
  id: 'uuid',
  number: 'text',
  kind: 'text',
  country: 'text',
  carrier: 'text',
  friendly_name: 'text',
  sms_url: 'text',
  sms_method: 'text',
  sms_fallback_url: 'text',
  sms_fallback_method: 'text',
  status_callback: 'text',
  status_callback_method: 'text',
  sms_application_id: 'uuid',
  queue_id: 'uuid',
  pool_id: 'uuid',
  settings: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const numberColumns = selectList(ownedNumberTable, 'n')

/** The constraint that fails an act which gives an account a number that it holds. */
export const NUMBERS_KEY = 'numbers_number_key'

export const insertNumber: Write<OwnedNumber> = {
  name: 'new_numbers',
  sql: parameter => insertFrom(ownedNumberTable, parameter),
}

export const updateNumber: Write<OwnedNumber> = {
  name: 'changed_numbers',
  sql: parameter => updateFrom(ownedNumberTable, ['id'], parameter),
}

/** Takes in a number that another account passes on, under the id that it had there; it may have been here before. */
export const takeInNumber: Write<OwnedNumber> = {
  name: 'taken_in_numbers',
  sql: parameter => upsertFrom(ownedNumberTable, ['id'], parameter, 'released_at = null'),
}

/** Sets some of the numbers' settings and leaves the others. */
export const changeNumberSettings: Write<{ id: string; settings: object; updatedAt: Date; version: number }> = {
  name: 'changed_number_settings',
  sql: parameter => `update numbers as n
    set settings = n.settings || r.settings, updated_at = r."updatedAt", version = r.version
    from json_to_recordset($${parameter}::json)
      as r(id uuid, settings jsonb, "updatedAt" timestamptz, version bigint)
    where n.account_id = $1 and n.id = r.id`,
}

/** Ends an account's hold of numbers; their rows stay, for the texts that name them. */
export const releaseNumber: Write<{ id: string; at: Date; version: number }> = {
  name: 'released_numbers',
  sql: parameter => `update numbers as n
    set released_at = r.at, pool_id = null, queue_id = null, updated_at = r.at, version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, at timestamptz, version bigint)
    where n.account_id = $1 and n.id = r.id`,
}

/** One number that the account holds: `$1` account, `$2` id. */
export const loadOwnedNumber = `select ${numberColumns}
  from numbers n
  where n.account_id = $1 and n.id = $2 and n.released_at is null`

/** Numbers whose texts go by an application: `$1` account, `$2` application, `$3` at most so many. */
export const loadNumbersOfApplication = `select ${numberColumns}
  from numbers n
  where n.account_id = $1 and n.sms_application_id = $2 and n.released_at is null
  limit $3`

/** Ids of numbers that the account holds: `$1` account, `$2` at most so many. */
export const loadOwnedNumberIds = `select n.id
  from numbers n
  where n.account_id = $1 and n.released_at is null
  limit $2`

/** Open threads that hold a pair or a group of one of our numbers: `$1` account, `$2` number, `$3` at most so many. */
export const loadThreadIdsOfNumber = `select distinct held.id
  from (
    (select p.thread_id as id from pairs p where p.account_id = $1 and p.number = $2 limit $3)
    union all
    (select g.thread_id as id
     from groups g
     where g.account_id = $1 and $2 = any(string_to_array(g.members, ' '))
     limit $3)
  ) as held
  limit $3`

/** Numbers that the account holds and nobody can text: `$1` account. */
export const loadTextlessNumbers = `select n.number
  from numbers n
  where n.account_id = $1 and n.released_at is null and n.settings -> 'capabilities' ->> 'sms' = 'false'`
