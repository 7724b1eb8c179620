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
