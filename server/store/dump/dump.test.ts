import { randomBytes } from 'node:crypto'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { migrate, migrationStatus } from '../migrate.ts'
import { dumpDatabase } from './dump.ts'
import { RestoreRefused } from './format.ts'
import { restoreDatabase } from './restore.ts'
import { listTables } from './tables.ts'

let source: TestDatabase
let dump: Buffer
const opened: TestDatabase[] = []

/** A table of the dump's own tests: the schema's tables change, and every kind of column must survive. */
const AWKWARD_TABLE = `
  create table awkward (
    id bigint generated always as identity primary key,
    body text,
    bytes bytea,
    at timestamptz,
    span interval,
    ratio double precision,
    words text[],
    detail jsonb,
    doubled bigint generated always as (id * 2) stored
  )`

/** Everything that COPY, our framing or UTF-8 could trip over. */
const AWKWARD_TEXTS = [
  '',
  '\\.',
  'one\n\\.\ntwo',
  'tab\tand \\t, \\N, \\\\',
  '\r\n\u2028\u2029\u0085',
  'table {"name":"calls","columns":[]}\nend {}',
  "'; drop table sms; --",
  'δοκιμή 👩‍👩‍👧 \u202e',
  'x'.repeat(300_000),
]

beforeAll(async () => {
  source = await open()
  await source.pool.query(AWKWARD_TABLE)
  await fillAwkward(source.pool)
  dump = await dumpToBuffer(source.pool)
})

afterAll(async () => {
  for (const database of opened) await database.close()
})

test('a restored database equals the dumped one, row for row', async () => {
  const target = await openAlike()
  const summary = await restoreDatabase(target.pool, Readable.from([dump]))
  expect(await fingerprint(target.pool)).toEqual(await fingerprint(source.pool))
  expect(summary.rows).toBeGreaterThan(AWKWARD_TEXTS.length)
  expect(await bodies(target.pool)).toEqual([...AWKWARD_TEXTS, null])
})

test('numbering goes on after a restore where the dumped database was', async () => {
  const target = await openAlike()
  await restoreDatabase(target.pool, Readable.from([dump]))
  const insert = `insert into awkward (body) values ('next') returning id`
  const [there, here] = await Promise.all([target.pool.query(insert), source.pool.query(insert)])
  expect(there.rows).toEqual(here.rows)
  await source.pool.query(`delete from awkward where body = 'next'`)
})

test('a dump goes through gzip in a stream, cut anywhere', async () => {
  const packed = new PassThrough()
  const target = await openAlike()
  const gunzip = createGunzip({ chunkSize: 64 })
  const restored = restoreDatabase(target.pool, gunzip)
  const gzip = createGzip()
  await Promise.all([dumpDatabase(source.pool, gzip), pipeline(gzip, packed), pipeline(packed, gunzip), restored])
  expect(await fingerprint(target.pool)).toEqual(await fingerprint(source.pool))
})

test('a dump is of one instant, whatever is written meanwhile', async () => {
  const before = await fingerprint(source.pool)
  const slow = new PassThrough({ highWaterMark: 1 })
  const dumping = dumpDatabase(source.pool, slow)
  const iterator = slow[Symbol.asyncIterator]()
  const pieces = [(await iterator.next()).value]
  await source.pool.query(`insert into awkward (body) values ('late')`)
  for await (const piece of slow) pieces.push(piece)
  await dumping
  await source.pool.query(`delete from awkward where body = 'late'`)

  const target = await openAlike()
  await restoreDatabase(target.pool, Readable.from(pieces))
  expect(await fingerprint(target.pool)).toEqual(before)
})

test('a database that holds data is not restored into', async () => {
  const target = await openAlike()
  await target.pool.query(`insert into awkward (body) values ('mine')`)
  await expectRefusal(target.pool, dump, /holds data already \(table awkward\)/)
  expect(await bodies(target.pool)).toEqual(['mine'])
})

test('a dump that an earlier version made is restored by this one', async () => {
  const earlier = await openBlank()
  await migrate(earlier.pool, 12)
  await earlier.pool.query('update world_clock set offset_ms = 7200000')
  const target = await openBlank()
  await restoreDatabase(target.pool, Readable.from([await dumpToBuffer(earlier.pool)]))
  await migrate(target.pool)
  const { rows } = await target.pool.query('select offset_ms from world_clock')
  expect(rows).toEqual([{ offset_ms: 7200000 }])
  expect(await migrationStatus(target.pool)).toEqual(await migrationStatus(source.pool))
})

test('a dump of a level that the database is past, or of one that this program does not know, is refused', async () => {
  const target = await openAlike()
  await target.pool.query(`insert into migrations (level, name) values (9000, '9000_later.sql')`)
  await expectRefusal(target.pool, dump, /the database is at level 9000 already/)
  await expectRefusal(target.pool, 'heddle-dump {"format":1,"level":9001}\n', /level 9001, newer than this Heddle/)
})

test('a database without tables is not dumped', async () => {
  const blank = await openBlank()
  await expect(dumpDatabase(blank.pool, new PassThrough())).rejects.toThrow('there is nothing to dump')
})

test('a dump that was cut short is refused wherever it ends, and changes nothing', async () => {
  const target = await openAlike()
  const before = await fingerprint(target.pool)
  const lastLine = dump.lastIndexOf('\nend ')
  for (const length of [0, 10, dump.indexOf('\n') + 1, Math.floor(dump.length / 2), lastLine + 1, dump.length - 4]) {
    await expect(restoreDatabase(target.pool, Readable.from([dump.subarray(0, length)]))).rejects.toThrow(
      RestoreRefused,
    )
  }
  expect(await fingerprint(target.pool)).toEqual(before)
})

test('a dump with a row lost, a row that is none, or a table nobody knows is refused and changes nothing', async () => {
  const target = await openAlike()
  const before = await fingerprint(target.pool)
  const text = dump.toString()
  await expectRefusal(target.pool, text.replace(/\n1\t[^\n]*/, ''), /it says \d+ rows and has \d+/)
  await expectRefusal(target.pool, text.replace(/\n1\t[^\n]*/, '\none\ttwo'), /The dump is damaged/)
  await expectRefusal(target.pool, text.replace('{"name":"awkward"', '{"name":"pg_authid"'), /no table pg_authid/)
  expect(await fingerprint(target.pool)).toEqual(before)
})

test('a file that is no dump, or a packed one, is told so', async () => {
  const target = await openAlike()
  await expectRefusal(target.pool, randomBytes(2000), /not a dump made by "heddle db dump"/)
  await expectRefusal(target.pool, 'heddle-dump {"format":2,"level":1}\n', /has format 2/)
})

test('a dump whose reader goes away ends with that error and gives its connection back', async () => {
  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) })
  await expect(dumpDatabase(source.pool, full)).rejects.toThrow('disk full')
  expect(source.pool.totalCount - source.pool.idleCount).toBe(0)
})

async function open(): Promise<TestDatabase> {
  const database = await openTestDatabase()
  opened.push(database)
  return database
}

async function openBlank(): Promise<TestDatabase> {
  const target = await open()
  await target.pool.query('drop schema public cascade; create schema public')
  return target
}

async function openAlike(): Promise<TestDatabase> {
  const target = await open()
  await target.pool.query(AWKWARD_TABLE)
  return target
}

async function fillAwkward(pool: Pool): Promise<void> {
  for (const body of [...AWKWARD_TEXTS, null]) {
    await pool.query(
      'insert into awkward (body, bytes, at, span, ratio, words, detail) values ($1, $2, $3, $4, $5, $6, $7)',
      [
        body,
        randomBytes(500),
        '2026-01-31T23:59:59.123456+05:45',
        '1 mon 3 days 04:05:06.7',
        0.1 + 0.2,
        ['a,b', null, body],
        { body },
      ],
    )
  }
  await pool.query('update world_clock set offset_ms = 86400000')
}

async function dumpToBuffer(pool: Pool): Promise<Buffer> {
  const stream = new PassThrough()
  const [whole] = await Promise.all([buffer(stream), dumpDatabase(pool, stream)])
  return whole
}

/** The count of rows and a hash of all of them, for each table. */
async function fingerprint(pool: Pool): Promise<Record<string, unknown>> {
  const client = await pool.connect()
  try {
    const prints: Record<string, unknown> = {}
    for (const { name } of await listTables(client)) {
      const { rows } = await client.query(
        `select count(*) as rows, md5(string_agg(t::text, '|' order by t::text)) as hash from ${name} t`,
      )
      prints[name] = rows[0]
    }
    return prints
  } finally {
    client.release()
  }
}

async function bodies(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query<{ body: string | null }>('select body from awkward order by id')
  return rows.map(({ body }) => body)
}

async function expectRefusal(pool: Pool, content: Buffer | string, message: RegExp): Promise<void> {
  const refused = restoreDatabase(pool, Readable.from([content]))
  await expect(refused).rejects.toThrow(RestoreRefused)
  await expect(refused).rejects.toThrow(message)
}
