import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { cleanText } from '../domain/text.ts'
import { signature, table } from './rows.ts'
import { spellRows, typed } from './typed-rows.ts'

const shapes = typed(
  table('shapes', {
    id: 'uuid',
    said: 'text',
    others: 'text[]',
    small: 'smallint',
    big: 'bigint',
    is_so: 'boolean',
    at: 'timestamptz',
    kept: 'json',
    sought: 'jsonb',
  }),
)

/** What a text column holds: anything but U+0000 and halves of pairs. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map(cleanText),
  fc.constantFrom('', ' ', 'NULL', 'null', '"', '\\', '\\"', '""', '{}', '(,)', "'", ',', '\n', '+15550001000', 't'),
)
const json = fc.jsonValue().filter(value => value !== null && !JSON.stringify(value).includes('\\u0000'))
const row = fc.record(
  {
    id: fc.uuid(),
    said: text,
    others: fc.array(fc.option(text)),
    small: fc.integer({ min: -32_768, max: 32_767 }),
    big: fc.maxSafeInteger(),
    isSo: fc.boolean(),
    at: fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
    kept: json,
    sought: json,
  },
  { requiredKeys: [] },
)

let db: TestDatabase

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('rows of a row type are the rows that JSON would have carried', async () => {
  const client = await db.database.writers.connect()
  try {
    // Spelled as text: nothing is read back by other rules than it was written.
    const keys = shapes.columns.map(([, key]) => `r."${key}"::text`).join(', ')
    const asTyped = `select ${keys} from unnest($1::${shapes.type}[]) as r`
    const asJson = `select ${keys} from json_to_recordset($1::json) as r(${signature(shapes)})`
    await fc.assert(
      fc.asyncProperty(fc.array(row), async rows => {
        const spelled = await client.query(asTyped, [spellRows(shapes, rows)])
        const told = await client.query(asJson, [JSON.stringify(rows)])
        expect(spelled.rows).toEqual(told.rows)
        expect(spelled.rows).toHaveLength(rows.length)
      }),
      { numRuns: 300 },
    )
  } finally {
    client.release()
  }
})

test('a value that no column holds is refused rather than written as something else', () => {
  expect(() => spellRows(shapes, [{ said: { not: 'a text' } }])).toThrow('has no spelling')
})
