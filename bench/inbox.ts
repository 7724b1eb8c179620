import { load, startServer } from './child.ts'
import { changeThreads, fillInbox, handlerAt, INBOX, NUMBERS, numberAt } from './fill-inbox.ts'
import { earlierToken, type Inbox, type InboxClient, signIn } from './inbox-client.ts'
import { lists } from './inbox-lists.ts'
import type { Result } from './load.ts'
import { startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { textsTo } from './requests.ts'
import { compare, steadiest } from './rounds.ts'

const FEW = 10_000
/** For a trial on a machine that has little time: `HEDDLE_BENCH_THREADS=100000`. */
const MANY = Number(process.env.HEDDLE_BENCH_THREADS ?? 1_000_000)
const CHANGES = [1, 100, 10_000]
const ROUNDS = 3
const OFFERED = { connections: 32, count: 2_000, seconds: 12, perSecond: 200 }
/** Up to where totals are exact. */
const MAX_TOTAL = 100_000

/** A team's inbox with few threads and with many: what it costs to list, read, assign and sync them. */
export async function inbox(): Promise<Measure[]> {
  const few = await openInbox(FEW)
  const many = await openInbox(MANY)
  try {
    return [
      ...(await totals([FEW, few], [MANY, many])),
      ...(await lists(few, many)),
      ...(await syncs(few, many)),
      ...(await atPace(many)),
    ]
  } finally {
    await few.heddle.stop()
    await many.heddle.stop()
  }
}

async function openInbox(threads: number): Promise<Inbox> {
  const heddle = await startHeddle(NUMBERS, INBOX)
  await fillInbox(heddle.database, threads)
  const handlerName = handlerAt(10)
  const supervisor = await signIn(heddle, handlerAt(0))
  return { heddle, supervisor, handler: await signIn(heddle, handlerName), handlerName }
}

/** Totals are exact up to the cap, and say the cap beyond. */
async function totals(...inboxes: [number, Inbox][]): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const [stored, { supervisor }] of inboxes) {
    const total = (await supervisor.get('/message-threads?perPage=1')).paging?.totalElements ?? 0
    if (total !== Math.min(stored, MAX_TOTAL)) throw new Error(`A list of ${stored} threads says ${total}.`)
    measures.push({ what: `total that a list of ${stored.toLocaleString('en')} threads says`, value: total, unit: '' })
  }
  return measures
}

async function syncs(few: Inbox, many: Inbox): Promise<Measure[]> {
  const full = '/message-threads/sync?syncType=FSync'
  const found = (await many.handler.get(full)).records.length
  const best = await compare(few.handler.gets([full]), many.handler.gets([full]))
  const measures = [...ratio(`FSync of ${found} open threads`, best)]
  for (const { heddle } of [few, many]) await changeThreads(heddle.database, Math.max(...CHANGES))
  for (const feed of ['sync', 'entries/sync']) {
    for (const count of CHANGES) {
      const best = await compare(
        few.supervisor.gets([await changedSince(few.supervisor, feed, count)]),
        many.supervisor.gets([await changedSince(many.supervisor, feed, count)]),
      )
      measures.push(
        ...ratio(`ISync of ${feed === 'sync' ? 'threads' : 'entries'}, ${count.toLocaleString('en')} changed`, best),
      )
    }
  }
  return measures
}

/** The path of an incremental sync that tells exactly so many changes. */
async function changedSince(client: InboxClient, feed: string, count: number): Promise<string> {
  const { syncInfo } = await client.get(`/message-threads/${feed}?syncType=FSync&scope=Accessible`)
  const path = `/message-threads/${feed}?syncType=ISync&syncToken=${earlierToken(syncInfo?.syncToken ?? '', 2 * count)}`
  const { records } = await client.get(path)
  if (records.length !== count) throw new Error(`${feed} told ${records.length} changes of ${count}.`)
  return path
}

function ratio(what: string, best: { few: Result; many: Result }): Measure[] {
  return [
    { what: `${what}: p50`, value: best.many.p50, unit: 'ms' },
    { what: `${what}: many / few`, value: best.many.p50 / best.few.p50, unit: 'x', bar: { atMost: 2 } },
  ]
}

/** Reading, assigning and syncing at a rate, beside a route that asks the same database for nothing. */
async function atPace({ heddle, handler }: Inbox): Promise<Measure[]> {
  const baseline = await startServer('baseline', { BENCH_DATABASE: JSON.stringify(heddle.connection) })
  try {
    const open = (await handler.get('/message-threads?threadStatus=Open&perPage=1000')).records
    const extensions = (await handler.get('/extension?type=User&perPage=100')).records
    const reads = handler.gets(open.map(({ id }) => `/message-threads/${id}`))
    const toSomebody = JSON.stringify({ assignee: { extensionId: String(extensions[0]?.id) } })
    const toNobody = JSON.stringify({ assignee: null })
    const assigning = open.map(({ id }) => `/message-threads/${id}/assign`)
    // Each changes its thread, time and again.
    const assigns = handler.posts(
      [...assigning, ...assigning, ...assigning, ...assigning],
      [toSomebody, toNobody, toSomebody, toNobody].flatMap(body => open.map(() => body)),
    )
    const changed = handler.gets([await changedSince(handler, 'sync', 1)])
    const best = await steadiest(ROUNDS, {
      select: () => load({ ...textsTo(baseline.port, numberAt(0), '/select-1'), ...OFFERED }),
      read: () => load({ ...reads, ...OFFERED }),
      sync: () => load({ ...changed, ...OFFERED }),
    })
    const assigned = await steadiest(ROUNDS, {
      select: () => load({ ...textsTo(baseline.port, numberAt(0), '/select-1'), ...OFFERED }),
      assign: () => load({ ...assigns, ...OFFERED }),
    })
    return [
      { what: `select 1 at ${OFFERED.perSecond}/s: p99`, value: best.select.p99, unit: 'ms' },
      ...times(`read at ${OFFERED.perSecond}/s`, best.read, best.select),
      ...times(`ISync of 1 change at ${OFFERED.perSecond}/s`, best.sync, best.select),
      ...times(`assign at ${OFFERED.perSecond}/s`, assigned.assign, assigned.select),
    ]
  } finally {
    await baseline.stop()
  }
}

function times(what: string, result: Result, select: Result): Measure[] {
  return [
    { what: `${what}: p99`, value: result.p99, unit: 'ms' },
    { what: `${what}: p99 to that of select 1`, value: result.p99 / select.p99, unit: 'x', bar: { atMost: 3 } },
  ]
}
