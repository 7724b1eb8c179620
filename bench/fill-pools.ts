import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

/** A pool of the measured account: its place among the pools, and how many numbers it has. */
export interface FilledPool {
  name: string
  at: number
  numbers: number
  /** Open threads in all. */
  threads: number
  /** Threads that each person holds, but the one who holds almost all. */
  held: number
}

export const poolId = (at: number) => `00000000-0000-0000-0001-${String(at).padStart(12, '0')}`
/** Persons of a pool are counted from 0; the one who comes before holds all numbers but one. */
export const personOf = (pool: FilledPool, index: number) => `+1666${pool.at}${String(index + 1).padStart(7, '0')}`
/** Numbers of a pool are counted from 1, in its order. */
export const poolNumber = (pool: FilledPool, index: number) => `+1777${pool.at}${String(index).padStart(6, '0')}`
const numberOf = (at: string) => `'+1777' || ${at} || lpad(n::text, 6, '0')`

/** Stores a pool with its numbers and open threads, and one person who holds all its numbers but one. */
export async function fillPool(database: pg.Client, pool: FilledPool): Promise<void> {
  const { name, at, numbers, threads, held } = pool
  const values = [ACCOUNT_ID, poolId(at)]
  await database.query('begin')
  await database.query(
    `insert into pools (account_id, id, name, created_at, updated_at, version, born)
     values ($1, $2, $3, '2026-01-01', '2026-01-01', $4, $4)`,
    [...values, name, at + 1],
  )
  await database.query(
    `insert into numbers (account_id, id, number, kind, country, carrier, friendly_name, pool_id, created_at, updated_at,
       version, born)
     select $1, md5($2::text || n)::uuid, ${numberOf(`'${at}'`)}, 'local', 'US', 'simulator', '', $2::uuid,
       '2026-01-01', '2026-01-01', n, n
     from generate_series(1, $3::int) n`,
    [...values, numbers],
  )
  await database.query(
    `insert into lookups (kind, key, account_id)
     select 'number', ${numberOf(`'${at}'`)}, $1 from generate_series(1, $2::int) n`,
    [ACCOUNT_ID, numbers],
  )
  await database.query(
    `insert into pool_numbers (account_id, number, pool_id, state, position, country, version, born)
     select $1, ${numberOf(`'${at}'`)}, $2::uuid, 'open', n, 'US', n, n
     from generate_series(1, $3::int) n`,
    [...values, numbers],
  )
  await fillThreads(database, {
    values,
    person: `'+1666${at}' || lpad((1 + (t - 1) / ${held})::text, 7, '0')`,
    number: `'+1777${at}' || lpad((1 + (t - 1) % ${held})::text, 6, '0')`,
    count: threads,
    salt: 'many',
  })
  await fillThreads(database, {
    values,
    person: `'${personOf(pool, -1)}'`,
    number: `'+1777${at}' || lpad(t::text, 6, '0')`,
    count: numbers - 1,
    salt: 'one',
  })
  await database.query('update clocks set clock = clock + $2, config_version = clock + $2 where account_id = $1', [
    ACCOUNT_ID,
    threads + numbers,
  ])
  await database.query('commit')
}

interface ThreadFill {
  values: string[]
  person: string
  number: string
  count: number
  salt: string
}

async function fillThreads(database: pg.Client, { values, person, number, count, salt }: ThreadFill): Promise<void> {
  const thread = `md5('${salt} thread ' || $2::text || t)::uuid`
  const participant = `md5('${salt} participant ' || $2::text || t)::uuid`
  const from = `from generate_series(1, $3::int) t`
  const all = [...values, count]
  await database.query(
    `insert into threads (account_id, id, service_id, state, pool_id, person, number, active_at, created_at, updated_at,
       version, born)
     select $1, ${thread}, $1, 'active', $2::uuid, ${person}, ${number}, '2026-01-01', '2026-01-01', '2026-01-01', t, t
     ${from}`,
    all,
  )
  await database.query(
    `insert into participants (account_id, id, thread_id, kind, person, number, created_at, updated_at, version, born)
     select $1, ${participant}, ${thread}, 'sms', ${person}, ${number}, '2026-01-01', '2026-01-01', t, t ${from}`,
    all,
  )
  await database.query(
    `insert into pairs (account_id, person, number, thread_id, participant_id)
     select $1, ${person}, ${number}, ${thread}, ${participant} ${from}`,
    all,
  )
}
