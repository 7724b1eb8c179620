import type { DeliveryStatus } from '../domain/delivery-status.ts'
import type { Write } from './changes.ts'
import { selectList, table, upsertFrom } from './rows.ts'

/** How one recipient of a group text fared, from the first word about them alone. */
export interface SmsRecipient {
  smsId: string
  participantId: string
  status: DeliveryStatus
  errorCode: number | null
  updatedAt: Date
  version: number
}

const recipientTable = table('sms_recipients', {
  sms_id: 'uuid',
  participant_id: 'uuid',
  status: 'text',
  error_code: 'integer',
  updated_at: 'timestamptz',
  version: 'bigint',
})

export const putSmsRecipient: Write<SmsRecipient> = {
  name: 'sms_recipient_changes',
  sql: parameter => upsertFrom(recipientTable, ['sms_id', 'participant_id'], parameter),
}

/** Recipients of group texts of whom something was told: `$1` account, `$2` JSON array of texts' ids. */
export const loadSmsRecipients = `select ${selectList(recipientTable, 'r')}
  from json_array_elements_text($2::json) as asked(id)
  join sms_recipients r on r.account_id = $1 and r.sms_id = asked.id::uuid`
