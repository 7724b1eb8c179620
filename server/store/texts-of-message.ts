import type { Sms } from '../domain/sms.ts'
import type { Write } from './changes.ts'
import { signature, table } from './rows.ts'

/** What the texts of one message have in common when they are queued. */
const common = table('sms', {
  direction: 'text',
  origin: 'text',
  thread_id: 'uuid',
  message_id: 'uuid',
  body: 'text',
  segments: 'smallint',
  media_count: 'smallint',
  created_at: 'timestamptz',
  listed_at: 'timestamptz',
  updated_at: 'timestamptz',
})

const own = table('sms', {
  id: 'uuid',
  person: 'text',
  number: 'text',
  others: 'text[]',
  pool_id: 'uuid',
  participant_id: 'uuid',
  status: 'text',
  carrier: 'text',
  error_code: 'integer',
  error_message: 'text',
  settings: 'jsonb',
  next_attempt_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

/** The texts that carry one message: not one of them has been sent yet. */
export interface TextsOfMessage extends Record<string, unknown> {
  texts: Record<string, unknown>[]
}

/**
 * Queues the texts of messages. What they have in common travels once a message: taking JSON apart is a third of what
 * a row costs, and a message goes to fifty phones.
 */
export const insertTextsOfMessage: Write<TextsOfMessage> = {
  name: 'new_texts_of_messages',
  sql: parameter => `insert into sms (account_id, ${columnsOf(common)}, ${columnsOf(own)})
    select $1, ${selectFrom('m', common)}, ${selectFrom('r', own)}
    from json_to_recordset($${parameter}::json) as m(${signature(common)}, texts json)
    cross join lateral json_to_recordset(m.texts) as r(${signature(own)})`,
}

/** Folds texts of one message into what they have in common and what each has of its own. */
export function textsOfMessage(texts: readonly Sms[]): TextsOfMessage {
  return { ...pick(common, texts[0]), texts: texts.map(text => pick(own, text)) }
}

/** The row's fields of these columns; those that are null are left out, and null they become. */
function pick({ columns }: typeof own, row: object | undefined): Record<string, unknown> {
  const fields = row as Record<string, unknown> | undefined
  const picked: Record<string, unknown> = {}
  for (const [, key] of columns) if (fields?.[key] !== null) picked[key] = fields?.[key]
  return picked
}

function columnsOf({ columns }: typeof own): string {
  return columns.map(([column]) => column).join(', ')
}

function selectFrom(alias: string, { columns }: typeof own): string {
  return columns.map(([, key]) => `${alias}."${key}"`).join(', ')
}
