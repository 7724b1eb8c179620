import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** A receipt that waits for the answer that names its text. */
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
