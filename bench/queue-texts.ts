import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

/** Queues texts as if a program had sent them, to as many persons as there are. */
export async function queueTexts(
  database: pg.Client,
  { number, count }: { number: string; count: number },
): Promise<void> {
  await database.query('begin')
  const { rows } = await database.query<{ clock: number }>(
    'select clock::integer from clocks where account_id = $1 for update',
    [ACCOUNT_ID],
  )
  const clock = rows[0]?.clock ?? 0
  await database.query(
    `insert into sms (account_id, id, direction, origin, person, number, status, body, segments, carrier,
       next_attempt_at, created_at, listed_at, updated_at, version, born)
     select $1, md5($4::text || n)::uuid, 'out', 'api', '+1555' || (7000000 + n % 10000), $2, 'queued', 'text ' || n, 1,
       (select id::text from carriers where account_id = $1), now(), now(), now(), now(), $4::bigint + n, $4::bigint + n
     from generate_series(1, $3::int) n`,
    [ACCOUNT_ID, number, count, clock],
  )
  await database.query('update clocks set clock = clock + $2 where account_id = $1', [ACCOUNT_ID, count])
  await database.query(
    `insert into lanes (account_id, lane, due_at) values ($1, $2, now())
     on conflict (account_id, lane) do update set due_at = excluded.due_at`,
    [ACCOUNT_ID, number],
  )
  await database.query('commit')
}
