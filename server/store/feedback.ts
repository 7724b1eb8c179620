import type { Write } from './changes.ts'
import { insertFrom, table } from './rows.ts'

/** What a program says about a text that it sent. */
export interface Feedback {
  smsId: string
  outcome: 'confirmed' | 'unconfirmed'
  createdAt: Date
  updatedAt: Date
}

const feedbackTable = table('sms_feedback', {
  sms_id: 'uuid',
  outcome: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
})

/** One a text: saying it again replaces it. */
export const putFeedback: Write<Feedback> = {
  name: 'put_feedback',
  sql: parameter =>
    insertFrom(
      feedbackTable,
      parameter,
      `on conflict (account_id, sms_id) do update
       set outcome = excluded.outcome, updated_at = excluded.updated_at`,
    ),
}

export const dropFeedback: Write<{ smsId: string }> = {
  name: 'dropped_feedback',
  sql: parameter => `delete from sms_feedback as f
    using json_to_recordset($${parameter}::json) as r("smsId" uuid)
    where f.account_id = $1 and f.sms_id = r."smsId"`,
}

/** What was said of a text before: `$1` account, `$2` text. */
export const loadFeedback = `select f.sms_id as "smsId", f.outcome, f.created_at as "createdAt", f.updated_at as "updatedAt"
  from sms_feedback f
  where f.account_id = $1 and f.sms_id = $2`
