import type { Write } from './changes.ts'
import { insertFrom, table, updateFrom } from './rows.ts'

/** A part of a text that left in several. */
export interface SmsPart {
  smsId: string
  carrierMessageId: string
  isDelivered: boolean
}

const partTable = table('sms_parts', { sms_id: 'uuid', carrier_message_id: 'text', is_delivered: 'boolean' })

export const insertSmsPart: Write<SmsPart> = {
  name: 'new_sms_parts',
  sql: parameter => insertFrom(partTable, parameter, 'on conflict do nothing'),
}

export const updateSmsPart: Write<SmsPart> = {
  name: 'changed_sms_parts',
  sql: parameter => updateFrom(partTable, ['sms_id', 'carrier_message_id'], parameter),
}

/** Parts of texts that left in several: `$1` account, `$2` JSON array of texts' ids. */
export const loadSmsParts = `select p.sms_id as "smsId", p.carrier_message_id as "carrierMessageId",
    p.is_delivered as "isDelivered"
  from json_array_elements_text($2::json) as asked(id)
  join sms_parts p on p.account_id = $1 and p.sms_id = asked.id::uuid`
