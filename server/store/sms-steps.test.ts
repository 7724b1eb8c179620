import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { progressSms } from './sms.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** PostgreSQL writes a row again without touching its indexes only where none of them speaks of what changed. */
test('the steps of a text touch its indexes when it waits no more, or another carrier takes it', async () => {
  const { rows } = await db.pool.query<{ column: string }>(
    `select distinct a.attname as column
     from pg_index i
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum > 0
     where i.indrelid = 'sms'::regclass
       and (a.attnum = any(i.indkey) or pg_get_expr(i.indpred, i.indrelid) ~ ('\\m' || a.attname || '\\M'))`,
  )
  const indexed = new Set(rows.map(row => row.column))
  const stepped = progressSms.as?.columns.map(([column]) => column).filter(column => column !== 'id')
  expect(stepped).toContain('status')
  expect(indexed).toContain('apart')
  expect(stepped?.filter(column => indexed.has(column))).toEqual(['carrier', 'next_attempt_at'])
})
