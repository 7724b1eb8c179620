import { DELIVERY_STATUSES, isTerminal } from '../domain/delivery-status.ts'
import type { Sms, SmsSettings, SmsStatus } from '../domain/sms.ts'
import type { Write } from './changes.ts'
import type { Lookup } from './lookup.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'
import { typed } from './typed-rows.ts'

export const smsTable = typed(
  table('sms', {
    id: 'uuid',
    direction: 'text',
    origin: 'text',
    person: 'text',
    number: 'text',
    others: 'text[]',
    pool_id: 'uuid',
    thread_id: 'uuid',
    message_id: 'uuid',
    participant_id: 'uuid',
    status: 'text',
    body: 'text',
    segments: 'smallint',
    media_count: 'smallint',
    carrier: 'text',
    carrier_message_id: 'text',
    error_code: 'integer',
    error_message: 'text',
    carrier_code: 'text',
    status_callback: 'text',
    settings: 'jsonb',
    rank: 'smallint',
    attempts: 'smallint',
    next_attempt_at: 'timestamptz',
    valid_until: 'timestamptz',
    created_at: 'timestamptz',
    listed_at: 'timestamptz',
    sent_at: 'timestamptz',
    updated_at: 'timestamptz',
    version: 'bigint',
    born: 'bigint',
  }),
)

export const smsColumns = selectList(smsTable, 's')

export const insertSms: Write<Sms> = {
  name: 'new_sms',
  as: smsTable,
  sql: parameter => insertFrom(smsTable, parameter),
}

/** A step in the life of a text: everything that delivery and receipts may change. */
export interface SmsProgress {
  id: string
  status: SmsStatus
  carrier: string | null
  carrierMessageId: string | null
  errorCode: number | null
  errorMessage: string | null
  carrierCode: string | null
  attempts: number
  nextAttemptAt: Date | null
  sentAt: Date | null
  updatedAt: Date
  version: number
}

const smsProgressTable = typed(
  table('sms', {
    id: 'uuid',
    status: 'text',
    carrier: 'text',
    carrier_message_id: 'text',
    error_code: 'integer',
    error_message: 'text',
    carrier_code: 'text',
    attempts: 'smallint',
    next_attempt_at: 'timestamptz',
    sent_at: 'timestamptz',
    updated_at: 'timestamptz',
    version: 'bigint',
  }),
)

export const progressSms: Write<SmsProgress> = {
  name: 'sms_progress',
  as: smsProgressTable,
  sql: parameter => updateFrom(smsProgressTable, ['id'], parameter, FORGET_BODY),
}

/** Texts whose sender asked so lose their body when they have come to their end. */
const FORGET_BODY = `body = case
    when t.settings ? 'forgetsBody' and r.status in (${DELIVERY_STATUSES.filter(isTerminal)
      .map(status => `'${status}'`)
      .join(', ')}) then ''
    else t.body
  end`

export interface CarrierText {
  carrier: string
  direction: 'in' | 'out'
  carrierMessageId: string
  smsId: string
}

export const carrierTextTable = typed(
  table('carrier_texts', {
    carrier: 'text',
    direction: 'text',
    carrier_message_id: 'text',
    sms_id: 'uuid',
  }),
)

export const insertCarrierText: Write<CarrierText> = {
  name: 'new_carrier_texts',
  as: carrierTextTable,
  sql: parameter => insertFrom(carrierTextTable, parameter),
}

/** Names texts as their carrier does. Carriers count anew one day: an id belongs to the text that got it last. */
export const nameSentText: Write<CarrierText> = {
  name: 'new_sent_texts',
  sql: parameter => `insert into carrier_texts (account_id, carrier, direction, carrier_message_id, sms_id)
    select distinct on (r.carrier, r.direction, r."carrierMessageId")
      $1, r.carrier, r.direction, r."carrierMessageId", r."smsId"
    from json_to_recordset($${parameter}::json)
      as r(carrier text, direction text, "carrierMessageId" text, "smsId" uuid)
    on conflict (account_id, carrier, direction, carrier_message_id) do update set sms_id = excluded.sms_id`,
}

export interface SmsForProgress {
  id: string
  status: SmsStatus
  /** The one that took it, or is to take it. */
  carrier: string | null
  carrierMessageId: string | null
  errorCode: number | null
  errorMessage: string | null
  carrierCode: string | null
  attempts: number
  nextAttemptAt: Date | null
  sentAt: Date | null
  number: string | null
  person: string
  others: string[] | null
  mediaCount: number
  statusCallback: string | null
  messageId: string | null
  threadId: string | null
  participantId: string | null
  poolId: string | null
  settings: SmsSettings | null
  createdAt: Date
}

const PROGRESS_COLUMNS = `s.id, s.status, s.carrier, s.carrier_message_id as "carrierMessageId", s.error_code as "errorCode",
  s.error_message as "errorMessage", s.carrier_code as "carrierCode", s.attempts,
  s.next_attempt_at as "nextAttemptAt", s.sent_at as "sentAt", s.number, s.person, s.others,
  s.media_count as "mediaCount",
  s.status_callback as "statusCallback", s.message_id as "messageId", s.thread_id as "threadId",
  s.participant_id as "participantId", s.pool_id as "poolId", s.settings,
  s.created_at as "createdAt"`

export interface HandedSms extends SmsForProgress {
  isDeleted: boolean
  /** Nothing is left of it to send. */
  isEmpty: boolean
}

/** Texts by id: `$1` account, `$2` JSON array of ids. Rows are `HandedSms`. */
export const loadSmsForProgress = `select ${PROGRESS_COLUMNS}, s.deleted_at is not null as "isDeleted",
    s.body = '' and s.media_count = 0 as "isEmpty"
  from json_array_elements_text($2::json) as asked(id)
  join sms s on s.account_id = $1 and s.id = asked.id::uuid`

/** Texts by the carrier's ids: `$1` account, `$2` carrier, `$3` JSON array of the carrier's ids. */
export const loadSmsByCarrierIds = `select c.carrier_message_id as "askedId", ${PROGRESS_COLUMNS},
    exists (select from sms_parts p where p.account_id = $1 and p.sms_id = s.id) as "isPart"
  from json_array_elements_text($3::json) as asked(id)
  join carrier_texts c
    on c.account_id = $1 and c.carrier = $2 and c.direction = 'out' and c.carrier_message_id = asked.id
  join sms s on s.account_id = $1 and s.id = c.sms_id`

export interface ParkedReceipt {
  carrier: string
  carrierMessageId: string
  born: number
  receipt: unknown
  parkedAt: Date
}

const parkedReceiptTable = table('parked_receipts', {
  carrier: 'text',
  carrier_message_id: 'text',
  born: 'bigint',
  receipt: 'jsonb',
  parked_at: 'timestamptz',
})

export const parkReceipt: Write<ParkedReceipt> = {
  name: 'new_parked_receipts',
  sql: parameter => insertFrom(parkedReceiptTable, parameter),
}

/** Takes parked receipts away: rows are `{ carrier, carrierMessageId }`. */
export const unparkReceipt: Write<{ carrier: string; carrierMessageId: string }> = {
  name: 'old_parked_receipts',
  sql: parameter => `delete from parked_receipts as p
    using json_to_recordset($${parameter}::json) as r(carrier text, "carrierMessageId" text)
    where p.account_id = $1 and p.carrier = r.carrier and p.carrier_message_id = r."carrierMessageId"`,
}

/** Parked receipts that an act which parks others looks through for those to forget. */
const LOOKED_THROUGH = 400

/** Takes the oldest parked receipts away that were parked before a time. */
export const forgetParked: Write<{ before: Date }> = {
  name: 'forgotten_parked_receipts',
  sql: parameter => `delete from parked_receipts as p
    using json_to_recordset($${parameter}::json) as r(before timestamptz), (
      select o.carrier, o.carrier_message_id, o.born
      from parked_receipts o
      where o.account_id = $1
      order by o.born
      limit ${LOOKED_THROUGH}) as oldest
    where p.account_id = $1 and p.carrier = oldest.carrier and p.carrier_message_id = oldest.carrier_message_id
      and p.born = oldest.born and p.parked_at < r.before`,
}

/** Parked receipts of the carrier's ids, oldest first: `$1` account, `$2` carrier, `$3` JSON array of ids, `$4` parked since. */
export const loadParkedReceipts = `select p.carrier_message_id as "carrierMessageId", p.receipt
  from json_array_elements_text($3::json) as asked(id)
  join parked_receipts p on p.account_id = $1 and p.carrier = $2 and p.carrier_message_id = asked.id
    and p.parked_at >= $4
  order by p.born`

/**
 * Parked receipts that may be about these texts, oldest first: of their pairs, and come since the texts were marked last.
 * `$1` account, `$2` carrier, `$3` JSON array of ids.
 */
export const loadParkedOfTexts = `select s.id as "smsId", p.receipt
  from json_array_elements_text($3::json) as asked(id)
  join sms s on s.account_id = $1 and s.id = asked.id::uuid
  join parked_receipts p on p.account_id = $1 and p.carrier = $2 and p.receipt ->> 'person' = s.person
    and p.receipt ->> 'number' = s.number and p.born > s.version
  order by p.born`

const editedSmsTable = table('sms', {
  id: 'uuid',
  status: 'text',
  body: 'text',
  settings: 'jsonb',
  next_attempt_at: 'timestamptz',
  deleted_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
})

/** What a program changed of a text. A deleted one stays as a tombstone without a body. */
export const editSms: Write<Sms & { deletedAt: Date | null }> = {
  name: 'edited_sms',
  sql: parameter => updateFrom(editedSmsTable, ['id'], parameter),
}

const placedSmsTable = table('sms', {
  id: 'uuid',
  thread_id: 'uuid',
  message_id: 'uuid',
  error_code: 'integer',
  error_message: 'text',
  version: 'bigint',
})

/** Gives inbound texts to the threads in which they were said after all, or says why they went nowhere. */
export const placeSms: Write<Pick<Sms, 'id' | 'threadId' | 'messageId' | 'errorCode' | 'errorMessage' | 'version'>> = {
  name: 'placed_sms',
  sql: parameter => updateFrom(placedSmsTable, ['id'], parameter),
}

/** Texts that are not deleted, by id: `$1` account, `$2` JSON array of ids. */
export const loadSmsByIds = `select ${smsColumns}
  from json_array_elements_text($2::json) as asked(id)
  join sms s on s.account_id = $1 and s.id = asked.id::uuid and s.deleted_at is null`

/** Texts already received, by the carrier's ids. */
export const seenTexts: Lookup<{ carrier: string; carrierMessageId: string; smsId: string }> = {
  table: 'carrier_texts',
  key: ['carrier', 'carrierMessageId'],
  guard: 'carrier_texts_pkey',
  sql: `select c.carrier, c.carrier_message_id as "carrierMessageId", c.sms_id as "smsId"
    from json_to_recordset($2::json) as asked(carrier text, "carrierMessageId" text)
    join carrier_texts c
      on c.account_id = $1 and c.carrier = asked.carrier and c.direction = 'in'
        and c.carrier_message_id = asked."carrierMessageId"`,
}

export interface SendableSms extends SmsForProgress {
  rank: number
  validUntil: Date | null
  born: number
  /** Its account may not send. */
  isSuspended: boolean
}

/** Waiting texts whose lane the node holds: `$1` account, `$2` JSON array of ids, `$3` node. */
export const loadSendable = `select ${PROGRESS_COLUMNS}, s.rank, s.valid_until as "validUntil", s.born,
    a.status <> 'active' as "isSuspended"
  from json_array_elements_text($2::json) as asked(id)
  join sms s on s.account_id = $1 and s.id = asked.id::uuid
  join accounts a on a.account_id = $1
  join lanes l on l.account_id = $1 and l.lane = s.number and l.node = $3
  where s.next_attempt_at is not null`
