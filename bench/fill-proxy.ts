import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

/** The pool that masks, and its SID's hex. */
export const PROXY_ID = '00000000-0000-0000-0002-000000000001'
export const PROXY_HEX = PROXY_ID.replaceAll('-', '')

/** Session `n`'s two persons, from 1; person `a` texts number `n` modulo the count of numbers, person `b` the next. */
export const personOf = (side: 'a' | 'b', n: number) => `+1202${side === 'a' ? 1 : 2}${String(n).padStart(7, '0')}`
export const numberOf = (n: number) => `+1646${String(n).padStart(7, '0')}`

const PROXY = {
  defaultTtlS: 0,
  geoMatchLevel: 'country',
  numberSelection: 'prefer-sticky',
  callbackUrl: null,
  interceptUrl: null,
  outOfSessionUrl: null,
  chatServiceId: null,
}

/** Stores a service with so many numbers and so many open sessions of two persons each, all of them different. */
export async function fillProxy(
  database: pg.Client,
  { numbers, sessions }: { numbers: number; sessions: number },
): Promise<void> {
  await database.query('begin')
  await database.query(
    `insert into pools (account_id, id, name, settings, late_for_ms, created_at, updated_at, version, born)
     values ($1, $2, 'masks', $3, 0, '2026-01-01', '2026-01-01', 1, 1)`,
    [ACCOUNT_ID, PROXY_ID, JSON.stringify({ proxy: PROXY })],
  )
  await fillNumbers(database, numbers)
  await fillSessions(database, numbers, sessions)
  await database.query('update clocks set clock = clock + $2, config_version = clock + $2 where account_id = $1', [
    ACCOUNT_ID,
    numbers + sessions * 3,
  ])
  await database.query('commit')
}

async function fillNumbers(database: pg.Client, numbers: number): Promise<void> {
  const number = `'+1646' || lpad(n::text, 7, '0')`
  await database.query(
    `insert into numbers (account_id, id, number, kind, country, carrier, friendly_name, pool_id, created_at, updated_at,
       version, born)
     select $1, md5('masks ' || n)::uuid, ${number}, 'local', 'US', 'simulator', '', $2, '2026-01-01', '2026-01-01', n, n
     from generate_series(1, $3::int) n`,
    [ACCOUNT_ID, PROXY_ID, numbers],
  )
  await database.query(
    `insert into lookups (kind, key, account_id)
     select 'number', ${number}, $1 from generate_series(1, $2::int) n`,
    [ACCOUNT_ID, numbers],
  )
  await database.query(
    `insert into pool_numbers (account_id, number, pool_id, state, position, country, version, born)
     select $1, ${number}, $2, 'open', n, 'US', n, n from generate_series(1, $3::int) n`,
    [ACCOUNT_ID, PROXY_ID, numbers],
  )
}

async function fillSessions(database: pg.Client, numbers: number, sessions: number): Promise<void> {
  const id = (what: string) => `md5('${what} ' || s)::uuid`
  const [thread, session] = [id('masked thread'), id('masked session')]
  await database.query(
    `insert into threads (account_id, id, service_id, state, pool_id, labels_senders, settings, active_at, created_at,
       updated_at, version, born)
     select $1, ${thread}, $1, 'active', $2, false,
       json_build_object('proxy', json_build_object('sessionId', ${session}, 'mode', 'message-only', 'participants',
         json_build_object(${id('member a')}, ${id('masked a')}, ${id('member b')}, ${id('masked b')}))),
       '2026-01-01', '2026-01-01', '2026-01-01', s, s
     from generate_series(1, $3::int) s`,
    [ACCOUNT_ID, PROXY_ID, sessions],
  )
  await database.query(
    `insert into proxy_sessions (account_id, id, service_id, thread_id, status, mode, ttl_s, created_at, updated_at,
       version, born)
     select $1, ${session}, $2, ${thread}, 'open', 'message-only', 0, '2026-01-01', '2026-01-01', s, s
     from generate_series(1, $3::int) s`,
    [ACCOUNT_ID, PROXY_ID, sessions],
  )
  for (const [side, digit] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    const person = `'+1202${digit}' || lpad(s::text, 7, '0')`
    const n = `(1 + (s + ${digit - 1}) % ${numbers})`
    const number = `'+1646' || lpad(${n}::text, 7, '0')`
    const values = [ACCOUNT_ID, sessions]
    await database.query(
      `insert into participants (account_id, id, thread_id, kind, person, number, created_at, updated_at, version, born)
       select $1, ${id(`member ${side}`)}, ${thread}, 'sms', ${person}, ${number}, '2026-01-01', '2026-01-01', s, s
       from generate_series(1, $2::int) s`,
      values,
    )
    await database.query(
      `insert into pairs (account_id, person, number, thread_id, participant_id)
       select $1, ${person}, ${number}, ${thread}, ${id(`member ${side}`)} from generate_series(1, $2::int) s`,
      values,
    )
    await database.query(
      `insert into proxy_participants (account_id, id, session_id, service_id, identifier, proxy_identifier, number_id,
         created_at, updated_at, version, born)
       select $1, ${id(`masked ${side}`)}, ${session}, $3::uuid, ${person}, ${number}, md5('masks ' || ${n})::uuid,
         '2026-01-01', '2026-01-01', s, s
       from generate_series(1, $2::int) s`,
      [...values, PROXY_ID],
    )
  }
}
