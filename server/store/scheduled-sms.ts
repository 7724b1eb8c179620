import type { Sms } from '../domain/sms.ts'
import type { Write } from './changes.ts'
import { table, updateFrom } from './rows.ts'
import { smsColumns } from './sms.ts'

/** Scheduled texts whose hour has come, which have no number yet: `$1` account, `$2` now, `$3` how many at most. */
export const loadDueScheduled = `select ${smsColumns}
  from sms s
  where s.account_id = $1 and s.apart = 'scheduled' and s.next_attempt_at <= $2 and s.deleted_at is null
    and s.number is null
  order by s.next_attempt_at
  limit $3`

/** Texts that were held in their number's queue until now, oldest first: `$1` account, `$2` now, `$3` how many at most. */
export const loadDueHeld = `select ${smsColumns}
  from sms s
  where s.account_id = $1 and s.apart = 'scheduled' and s.next_attempt_at <= $2 and s.deleted_at is null
    and s.number is not null
  order by s.next_attempt_at, s.born
  limit $3`

export interface HeldPair {
  person: string
  number: string
  /** Of the first text held. */
  born: number
}

/** Of pairs, those with texts that were held until now: `$1` account, `$2` now, `$3` JSON array of `{ person, number }`. */
export const loadHeldPairs = `select s.person, s.number, min(s.born) as born
  from sms s
  join json_to_recordset($3::json) as asked(person text, number text)
    on s.person = asked.person and s.number = asked.number
  where s.account_id = $1 and s.apart = 'scheduled' and s.next_attempt_at <= $2 and s.deleted_at is null
  group by s.person, s.number`

/** How many texts are scheduled, counted no further than `$2`: `$1` account. */
export const countScheduled = `select count(*) as scheduled
  from (select from sms s where s.account_id = $1 and s.apart = 'scheduled' limit $2) as counted`

const releasedTable = table('sms', {
  id: 'uuid',
  number: 'text',
  carrier: 'text',
  thread_id: 'uuid',
  message_id: 'uuid',
  participant_id: 'uuid',
  status: 'text',
  segments: 'smallint',
  settings: 'jsonb',
  next_attempt_at: 'timestamptz',
  valid_until: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
})

/** A scheduled text that has its number now, with the thread it belongs to, and waits in that number's lane. */
export const releaseSms: Write<Sms> = {
  name: 'released_sms',
  sql: parameter => updateFrom(releasedTable, ['id'], parameter),
}
