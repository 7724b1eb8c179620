import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

/** Group threads: each with one phone that speaks and so many that hear. */
export interface FilledThreads {
  /** Tells the phones of one filling from those of another; a digit. */
  at: number
  threads: number
  hearers: number
}

/** Our number that all who speak text. */
export const SPOKEN_TO = '+15550001000'
/** Our numbers that hearers are texted from: hearer `i` of each thread by number `i`, from 1. */
export const heardFrom = (i: number) => `+1555000${2_000 + i}`
/** Threads are counted from 1; hearer 0 is who speaks. */
export const phoneOf = ({ at }: Pick<FilledThreads, 'at'>, thread: number, hearer = 0) =>
  `+155${at}${String(thread).padStart(7, '0')}${String(hearer).padStart(2, '0')}`

/** Stores open threads with their participants, each of them a pair. */
export async function fillThreads(database: pg.Client, { at, threads, hearers }: FilledThreads): Promise<void> {
  const threadId = `md5('thread ' || $2::int || ' ' || t)::uuid`
  const participantId = `md5('participant ' || $2::int || ' ' || t || ' ' || i)::uuid`
  const person = `'+155' || $2::int || lpad(t::text, 7, '0') || lpad(i::text, 2, '0')`
  const number = `case i when 0 then '${SPOKEN_TO}' else '+1555000' || 2000 + i end`
  const values = [ACCOUNT_ID, at, threads]
  await database.query('begin')
  await database.query(
    `insert into threads (account_id, id, service_id, state, active_at, created_at, updated_at, version, born)
     select $1, ${threadId}, $1, 'active', '2026-01-01', '2026-01-01', '2026-01-01', t, t
     from generate_series(1, $3::int) t`,
    values,
  )
  await database.query(
    `insert into participants (account_id, id, thread_id, kind, person, number, created_at, updated_at, version, born)
     select $1, ${participantId}, ${threadId}, 'sms', ${person}, ${number}, '2026-01-01', '2026-01-01',
       t * 100 + i, t * 100 + i
     from generate_series(1, $3::int) t, generate_series(0, $4::int) i`,
    [...values, hearers],
  )
  await database.query(
    `insert into pairs (account_id, person, number, thread_id, participant_id)
     select $1, ${person}, ${number}, ${threadId}, ${participantId}
     from generate_series(1, $3::int) t, generate_series(0, $4::int) i`,
    [...values, hearers],
  )
  await database.query('update clocks set clock = clock + $2, config_version = clock + $2 where account_id = $1', [
    ACCOUNT_ID,
    threads * 100,
  ])
  await database.query('commit')
}
