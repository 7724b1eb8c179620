import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

export const PERSONS = 10_000

export function personAt(index: number): string {
  return `+1555${String(7_000_000 + index)}`
}

/** Stores texts that look as if persons had sent them long ago, with all that goes along with a text. */
export async function fillTexts(database: pg.Client, number: string, count: number): Promise<void> {
  const person = `'+1555' || (7000000 + (n::bigint * 7919) % ${PERSONS})`
  const id = `md5(n::text || $2)::uuid`
  const at = `timestamptz '2026-01-01' + n * interval '1 second'`
  await database.query('begin')
  await database.query(
    `insert into sms (account_id, id, direction, origin, person, number, status, body, segments, carrier,
       carrier_message_id, created_at, listed_at, sent_at, updated_at, version, born)
     select $1, ${id}, case n % 4 when 0 then 'out' else 'in' end, 'carrier', ${person}, $2, 'received',
       'A text of some length, number ' || n, 1, 'simulator', (${id})::text, ${at}, ${at}, ${at}, ${at}, n, n
     from generate_series(1, $3::int) n`,
    [ACCOUNT_ID, number, count],
  )
  await database.query(
    `insert into carrier_texts (account_id, carrier, direction, carrier_message_id, sms_id)
     select account_id, carrier, direction, carrier_message_id, id from sms where account_id = $1`,
    [ACCOUNT_ID],
  )
  await database.query(
    `insert into sessions (account_id, person, number, started_at, active_at)
     select account_id, person, number, max(listed_at), max(listed_at)
     from sms where account_id = $1 group by account_id, person, number`,
    [ACCOUNT_ID],
  )
  await database.query(
    `insert into simulator_texts
       (phone, number, carrier_message_id, direction, sender, recipients, body, media_urls, at)
     select person, number, carrier_message_id, case direction when 'in' then 'sent' else 'received' end, person,
       array[number], body, '{}', listed_at
     from sms where account_id = $1`,
    [ACCOUNT_ID],
  )
  await database.query('update clocks set clock = $2 where account_id = $1', [ACCOUNT_ID, count])
  await database.query('commit')
  await database.query('vacuum analyze')
  await database.query('checkpoint')
}
