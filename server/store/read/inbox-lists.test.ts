import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { countInboxThreads, listChangedInboxThreads, readInboxThreads, type ThreadFilter } from './inbox-threads.ts'

const ACCOUNT = '00000000-0000-0000-0000-000000000001'
/** The first two are asked for. */
const QUEUES = [1, 2, 3].map(at => `00000000-0000-0000-0000-00000000010${at}`)
const THREADS = 12_000
const PAGE = { page: 2, perPage: 10 }
/** Of two queues, open, closed and deleted ones apart, each up to the page's end; and what the page shows. */
const MOST_OF_A_PAGE = 2 * 3 * 20 + 10
/** A guest's few threads are looked at once for each queue. */
const SLACK = 30

/** Of every 3 threads one is of each queue; of every 50 one of the rare number; a guest has 4; most are closed. */
const FILL = `insert into threads (account_id, id, service_id, state, queue_id, person, number, active_at, created_at,
    updated_at, deleted_at, version, born)
  select $1, md5(t::text)::uuid, $1, case when t % 20 = 0 then 'active' else 'closed' end, ($2::uuid[])[1 + t % 3],
    '+1777' || t / 4, case when t % 50 = 0 then '+15550002' else '+15550001' end, at, at, at,
    case when t % 11 = 0 then at end, ${THREADS} - t, t
  from generate_series(1, ${THREADS}) t
  cross join lateral (select timestamptz '2026-01-01' + t / 2 * interval '1 minute' as at) as at`

const ANY: ThreadFilter = {
  queueIds: QUEUES.slice(0, 2),
  isOpen: null,
  availability: ['alive'],
  from: null,
  to: null,
  number: null,
  person: null,
}
const NARROWED = {
  'no more': {},
  'one of our numbers': { number: '+15550002' },
  'a guest': { person: '+1777100' },
  'a guest of one of our numbers': { person: '+1777100', number: '+15550001' },
  'a window of time': { from: new Date('2026-01-02T00:00:00Z'), to: new Date('2026-01-02T01:00:00Z') },
  'one of our numbers in a window of time': { number: '+15550002', from: new Date('2026-01-02T00:00:00Z') },
} satisfies Record<string, Partial<ThreadFilter>>
const STATES = {
  'open and resolved': {},
  open: { isOpen: true },
  resolved: { isOpen: false },
  deleted: { availability: ['deleted'] },
  'deleted while open': { availability: ['deleted'], isOpen: true },
  'alive and deleted': { availability: ['alive', 'deleted'] },
} satisfies Record<string, Partial<ThreadFilter>>

let db: TestDatabase
let asked: Queryable

beforeAll(async () => {
  db = await openTestDatabase()
  asked = { query: async (sql, values) => (await db.pool.query(sql, values)).rows }
  await db.pool.query(
    `insert into queues (account_id, id, kind, name, closes_after_ms, created_at, updated_at, version, born)
     select $1, id, 'queue', 'Queue', 1, '2026-01-01', '2026-01-01', 1, 1 from unnest($2::uuid[]) as id`,
    [ACCOUNT, QUEUES],
  )
  await db.pool.query(FILL, [ACCOUNT, QUEUES])
  await db.pool.query('vacuum analyze threads')
})
afterAll(() => db.close())

for (const [state, ofState] of Object.entries(STATES)) {
  describe(`threads that are ${state}, narrowed by`, () => {
    for (const [name, narrowed] of Object.entries(NARROWED)) {
      const filter: ThreadFilter = { ...ANY, ...ofState, ...narrowed }

      test(`${name}: the page and the total are those of a plain walk over all`, async () => {
        const all = await walk(filter)
        const rows = await readInboxThreads(asked, ACCOUNT, filter, PAGE)
        expect(rows.map(thread => thread.id)).toEqual(all.slice(10, 20))
        expect(await countInboxThreads(asked, ACCOUNT, filter)).toBe(all.length)
      })

      // Which deleted threads were open when they were deleted is asked by nobody, and costs a walk over the deleted.
      if (state === 'deleted while open') continue
      test(`${name}: no thread is read that is neither shown nor counted`, async () => {
        const all = await walk(filter)
        const page = await visits(explained => readInboxThreads(explained, ACCOUNT, filter, PAGE))
        expect(page).toBeLessThanOrEqual(MOST_OF_A_PAGE)
        const counted = await visits(explained => countInboxThreads(explained, ACCOUNT, filter))
        expect(counted).toBeLessThanOrEqual(all.length + SLACK)
      })
    }
  })
}

test('what changed is read queue by queue, and nothing else', async () => {
  const since = THREADS - 31
  const changed = await listChangedInboxThreads(asked, ACCOUNT, ANY.queueIds, since)
  expect(changed).toHaveLength(20)
  expect(changed.every(({ queueId, version }) => ANY.queueIds.includes(queueId) && version > since)).toBe(true)
  const visited = await visits(explained => listChangedInboxThreads(explained, ACCOUNT, ANY.queueIds, since))
  expect(visited).toBeLessThanOrEqual(2 * changed.length)
})

/** Ids of all that the filter lets through, oldest first. */
async function walk(filter: ThreadFilter): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select t.id
     from threads t
     where t.queue_id = any($1::uuid[]) and ($2::boolean is null or $2 = (t.state <> 'closed'))
       and case when t.deleted_at is null then 'alive' else 'deleted' end = any($3::text[])
       and t.created_at >= $4 and t.created_at <= $5 and t.number = coalesce($6, t.number)
       and t.person = coalesce($7, t.person)
     order by t.created_at, t.born`,
    [
      filter.queueIds,
      filter.isOpen,
      filter.availability,
      filter.from ?? '-infinity',
      filter.to ?? 'infinity',
      filter.number,
      filter.person,
    ],
  )
  return rows.map(row => row.id)
}

interface Plan {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

/** How many threads, or entries of their indexes, the statement of a read looks at. */
async function visits(read: (db: Queryable) => Promise<unknown>): Promise<number> {
  let visited = 0
  await read({
    async query(sql, values) {
      const { rows } = await db.pool.query(`explain (analyze, format json) ${sql}`, values)
      visited += visitsOf(rows[0]['QUERY PLAN'][0].Plan)
      return []
    },
  })
  return visited
}

function visitsOf(plan: Plan): number {
  const rows = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
  const own = plan['Relation Name'] === 'threads' ? rows : 0
  return (plan.Plans ?? []).reduce((sum, each) => sum + visitsOf(each), own)
}
