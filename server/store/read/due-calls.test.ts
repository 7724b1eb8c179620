import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { findDueCalls } from './due-calls.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const LATER = new Date('2026-03-01T12:00:30Z')

let db: TestDatabase

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** Queues calls of one lane in this order; of which, by the ends of their URLs, are due, and which keys wait. */
async function dueOf(queued: { url: string; key: string; attempts: number; at: Date }[]) {
  const accountId = randomUUID()
  for (const [born, { url, key, attempts, at }] of queued.entries()) {
    await db.pool.query(
      `insert into calls (account_id, id, kind, lane, order_key, url, method, parameters, arrived_at, attempts,
         next_attempt_at, version, born)
       values ($1, $2, 'hook', 'lane', $3, $4, 'POST', '[]', $5, $6, $7, $8, $8)`,
      [accountId, randomUUID(), key, url, NOW, attempts, at, born],
    )
  }
  const query = async (sql: string, values: unknown[]) => (await db.pool.query(sql, values)).rows
  const due = await findDueCalls({ query } as never, { accountId, lane: 'lane' }, NOW, 10)
  return { urls: due.rows.map(call => call.url), heldKeys: due.heldKeys }
}

test('a call that was tried holds back those of its key until its time', async () => {
  const tried = { url: 'tried', key: 'a', attempts: 1 }
  const behind = { url: 'behind', key: 'a', attempts: 0, at: NOW }
  const other = { url: 'other', key: 'b', attempts: 0, at: NOW }
  expect(await dueOf([{ ...tried, at: LATER }, behind, other])).toEqual({ urls: ['other'], heldKeys: ['a'] })
  expect(await dueOf([{ ...tried, at: NOW }, behind, other])).toEqual({
    urls: ['tried', 'behind', 'other'],
    heldKeys: [],
  })
})

test('a call that was never tried is due, whatever the clock of the node said that queued it', async () => {
  const fresh = { url: 'fresh', key: 'a', attempts: 0, at: LATER }
  expect(await dueOf([fresh, { ...fresh, url: 'second' }])).toEqual({ urls: ['fresh', 'second'], heldKeys: [] })
})
