import type pg from 'pg'
import type { Queryable } from '../server/kit/queryable.ts'
import { countInboxThreads, readInboxThreads, type ThreadFilter } from '../server/store/read/inbox-threads.ts'
import { numberAt } from './fill-inbox.ts'
import type { Inbox } from './inbox-client.ts'
import { ACCOUNT_ID } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { compare, medians } from './rounds.ts'

type Narrowed = Partial<Omit<ThreadFilter, 'queueIds'>>

const NUMBER = numberAt(10)
const WINDOW = { from: new Date('2026-01-01T00:10:00Z'), to: new Date('2026-01-01T00:20:00Z') }
const LISTS: Record<string, Narrowed> = {
  'no filter': {},
  open: { isOpen: true },
  resolved: { isOpen: false },
  'one number of ours': { number: NUMBER },
  'one number of ours, open': { number: NUMBER, isOpen: true },
  'one number of ours, resolved': { number: NUMBER, isOpen: false },
  'one guest': { person: '+177700000010' },
  'a window of time': WINDOW,
  'one number of ours in a window of time': { number: NUMBER, ...WINDOW },
  deleted: { availability: ['deleted'] },
}
/** As many as the shortest of these lists has among few threads, so that both show as much. */
const PAGE = { page: 1, perPage: 50 }
const RUNS = 60

/**
 * What lists cost, whole as a handler of ten queues asks for them, and by their two statements: the page, which may not
 * cost more among many threads, and the total, which costs what it counts.
 */
export async function lists(few: Inbox, many: Inbox): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const [name, narrowed] of Object.entries(LISTS)) {
    const path = pathOf(narrowed)
    const whole = await compare(few.handler.gets([path]), many.handler.gets([path]))
    const [ofFew, ofMany] = [await statementsOf(few, narrowed), await statementsOf(many, narrowed)]
    const pages = await medians(RUNS, { few: ofFew.page, many: ofMany.page })
    const counts = await medians(RUNS, { few: ofFew.count, many: ofMany.count })
    const found = await ofMany.count()
    measures.push(
      { what: `list, ${name} (${found.toLocaleString('en')} found): p50`, value: whole.many.p50, unit: 'ms' },
      { what: `list, ${name}: the page alone: p50`, value: pages.many, unit: 'ms' },
      {
        what: `list, ${name}: the page alone: many / few`,
        value: pages.many / pages.few,
        unit: 'x',
        bar: { atMost: 2 },
      },
      { what: `list, ${name}: the total alone: p50`, value: counts.many, unit: 'ms' },
    )
  }
  return measures
}

/** The statements of a list, on a connection that goes around Heddle. */
async function statementsOf({ heddle: { database }, handlerName }: Inbox, narrowed: Narrowed) {
  const db: Queryable = { query: async (sql, values) => (await database.query(sql, values)).rows }
  const queueIds = await queuesOf(database, handlerName)
  const filter: ThreadFilter = { ...NO_FILTER, ...narrowed, queueIds }
  return {
    page: () => readInboxThreads(db, ACCOUNT_ID, filter, PAGE),
    count: () => countInboxThreads(db, ACCOUNT_ID, filter),
  }
}

const NO_FILTER = { isOpen: null, availability: ['alive' as const], from: null, to: null, number: null, person: null }

async function queuesOf(database: pg.Client, handler: string): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select h.queue_id as id
     from handlers h
     join users u on u.account_id = h.account_id and u.id = h.user_id
     where h.account_id = $1 and u.identity = $2`,
    [ACCOUNT_ID, handler],
  )
  return rows.map(({ id }) => id)
}

function pathOf({ isOpen = null, availability, from, to, number, person }: Narrowed): string {
  const query = new URLSearchParams({ perPage: String(PAGE.perPage) })
  if (isOpen !== null) query.set('threadStatus', isOpen ? 'Open' : 'Resolved')
  if (availability?.includes('deleted')) query.set('availability', 'Deleted')
  if (from) query.set('creationTimeFrom', from.toISOString())
  if (to) query.set('creationTimeTo', to.toISOString())
  if (number) query.set('ownerPhoneNumber', number)
  if (person) query.set('guestPhoneNumber', person)
  return `/message-threads?${query}`
}
