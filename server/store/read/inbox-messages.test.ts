import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { listInboxMessages, type MessageFilter } from './inbox-messages.ts'

const ACCOUNT = '00000000-0000-0000-0000-000000000001'
/** The first two are asked for. */
const QUEUES = [1, 2, 3].map(at => `00000000-0000-0000-0000-00000000010${at}`)
const THREADS = 300
const PAGE = { page: 2, perPage: 10 }

/** Of every 3 threads one is of each queue, of every 7 one is open, of every 11 one is deleted. */
const THREAD_ROWS = `insert into threads (account_id, id, service_id, state, queue_id, person, number, active_at, created_at,
    updated_at, deleted_at, version, born)
  select $1, md5(t::text)::uuid, $1, case when t % 7 = 0 then 'active' else 'closed' end, ($2::uuid[])[1 + t % 3],
    '+1777' || t, '+15550001', at, at, at, case when t % 11 = 0 then at end, t, t
  from generate_series(1, ${THREADS}) t
  cross join lateral (select timestamptz '2026-01-01' + t * interval '1 minute' as at) as at`

/** Three to a thread, of every 13 one is deleted. */
const MESSAGE_ROWS = `insert into messages (account_id, id, thread_id, queue_id, index, origin, author, body, created_at,
    updated_at, deleted_at, thread_deleted_at, version, born)
  select $1, md5('message ' || m)::uuid, t.id, t.queue_id, m / ${THREADS}, 'sms', t.person, 'Hello', at, at,
    case when m % 13 = 0 then at end, t.deleted_at, ${THREADS} + m, ${THREADS} + m
  from generate_series(1, ${3 * THREADS}) m
  join threads t on t.account_id = $1 and t.born = 1 + m % ${THREADS}
  cross join lateral (select timestamptz '2026-01-02' + m / 2 * interval '1 minute' as at) as at`

const ANY: MessageFilter = {
  queueIds: QUEUES.slice(0, 2),
  threadIds: null,
  ids: null,
  isThreadOpen: null,
  availability: ['alive'],
  from: null,
  to: null,
}
const STATES = {
  'whatever becomes of their threads': {},
  'in open threads': { isThreadOpen: true },
  'in resolved threads': { isThreadOpen: false },
} satisfies Record<string, Partial<MessageFilter>>
const NARROWED = {
  'that are there': {},
  'that are deleted': { availability: ['deleted'] },
  'that are there or deleted': { availability: ['alive', 'deleted'] },
  'in a window of time': { from: new Date('2026-01-02T01:00:00Z'), to: new Date('2026-01-02T05:00:00Z') },
  'of some ids': { ids: Array.from({ length: 200 }, (_, at) => 2 * THREADS + at) },
} satisfies Record<string, Partial<MessageFilter>>

let db: TestDatabase
let asked: Queryable

beforeAll(async () => {
  db = await openTestDatabase()
  asked = { query: async (sql, values) => (await db.pool.query(sql, values)).rows }
  await db.pool.query(THREAD_ROWS, [ACCOUNT, QUEUES])
  await db.pool.query(MESSAGE_ROWS, [ACCOUNT])
})
afterAll(() => db.close())

for (const [state, ofState] of Object.entries(STATES)) {
  describe(`the page and the total of messages ${state}`, () => {
    for (const [name, narrowed] of Object.entries(NARROWED)) {
      test(`${name} are those of a plain walk over all`, async () => {
        const filter: MessageFilter = { ...ANY, ...ofState, ...narrowed }
        const all = await walk(filter)
        const { rows, total } = await listInboxMessages(asked, ACCOUNT, filter, PAGE)
        expect(all.length).toBeGreaterThan(0)
        expect(rows.map(message => message.born)).toEqual(all.slice(10, 20))
        expect(total).toBe(all.length)
      })
    }
  })
}

test('a thread that is named twice shows its messages once', async () => {
  const [id = ''] = (await db.pool.query<{ id: string }>('select id from threads where born = 1')).rows.map(
    row => row.id,
  )
  const { rows, total } = await listInboxMessages(
    asked,
    ACCOUNT,
    { ...ANY, queueIds: QUEUES, threadIds: [id, id] },
    {
      page: 1,
      perPage: 10,
    },
  )
  expect(rows).toHaveLength(3)
  expect(total).toBe(3)
})

test('a total is no less than what is shown, though threads close and open while they are counted', async () => {
  // Of all that were counted none is left when the second count comes.
  let counts = 0
  const moving: Queryable = {
    query: async (sql, values) => {
      const { rows } = await db.pool.query(sql, values)
      if (!sql.startsWith('select count(*)')) return rows
      counts += 1
      return counts % 2 === 1 ? rows : [{ ...rows[0], total: 0 }]
    },
  }
  const filter = { ...ANY, isThreadOpen: false }
  expect((await listInboxMessages(moving, ACCOUNT, filter, PAGE)).total).toBe(20)
  expect((await listInboxMessages(moving, ACCOUNT, filter, { page: 900, perPage: 10 })).total).toBe(0)
  expect(counts).toBe(4)
})

/** The decimal ids of all that the filter lets through, oldest first. */
async function walk(filter: MessageFilter): Promise<number[]> {
  const { rows } = await db.pool.query<{ born: number }>(
    `select m.born
     from messages m
     join threads t on t.id = m.thread_id
     where m.queue_id = any($1::uuid[]) and ($2::boolean is null or $2 = (t.state <> 'closed'))
       and case when m.deleted_at is null and t.deleted_at is null then 'alive' else 'deleted' end = any($3::text[])
       and m.created_at >= $4 and m.created_at <= $5 and ($6::bigint[] is null or m.born = any($6))
     order by m.created_at, m.born`,
    [
      filter.queueIds,
      filter.isThreadOpen,
      filter.availability,
      filter.from ?? '-infinity',
      filter.to ?? 'infinity',
      filter.ids,
    ],
  )
  return rows.map(row => row.born)
}
