import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { keepStatisticsFresh } from './fresh-statistics.ts'

let house: TestDatabase

beforeEach(async () => {
  house = await openTestDatabase()
  await house.pool.query('create table grown (id integer primary key)')
})

afterEach(() => house.close())

async function countedRows(): Promise<number> {
  const { rows } = await house.pool.query(`select reltuples from pg_class where oid = 'grown'::regclass`)
  return Number(rows[0].reltuples)
}

test('a table that was empty is counted soon after it grew, and again when it has doubled', async () => {
  const errors: unknown[] = []
  const statistics = keepStatisticsFresh(house.database, error => errors.push(error))
  try {
    for (const [first, last] of [
      [1, 500],
      [501, 2000],
    ]) {
      await house.pool.query('insert into grown select generate_series($1::integer, $2::integer)', [first, last])
      await vi.waitFor(async () => expect(await countedRows()).toBe(last), { timeout: 15_000, interval: 100 })
    }
  } finally {
    await statistics.stop()
  }
  expect(errors).toEqual([])
})
