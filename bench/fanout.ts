import { load } from './child.ts'
import { copyRows, insertCopies, prepareCopies } from './copy-rows.ts'
import { type FilledThreads, fillThreads, heardFrom, phoneOf, SPOKEN_TO } from './fill-threads.ts'
import type { Result } from './load.ts'
import { ACCOUNT_ID, AUTHORIZATION, type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'
import { bestRates } from './rounds.ts'

const THREADS = 200
const SIZES: FilledThreads[] = [
  { at: 1, threads: THREADS, hearers: 1 },
  { at: 2, threads: THREADS, hearers: 10 },
  { at: 3, threads: THREADS, hearers: 49 },
]
const MOST = 49
/** What is claimed; to one hearer a text costs as much to take in as to pass on. */
const LEAST = 0.5
const ROUNDS = 3
/** Texts out of a run, so that each size writes about as much. */
const TEXTS = 40_000
const SECONDS = 6
/** As many texts in at a time as fill a batch, but no more texts out than these. */
const MOST_AT_ONCE = 200
const MOST_OUT_AT_ONCE = 3_200
/** The node that holds the lanes of the numbers out: what is measured ends when the texts are queued. */
const ELSEWHERE = '00000000-0000-0000-0009-000000000001'

/** How fast one text to many is queued, to the answer after commit, against the inserts alone of the same rows. */
export async function fanout(): Promise<Measure[]> {
  const heddle = await startHeddle([SPOKEN_TO, ...numbers(MOST)].map(number => ({ number })))
  try {
    for (const each of SIZES) await fillThreads(heddle.database, each)
    await giveLanesAway(heddle)
    await prepareCopies(heddle)
    await heddle.database.query('vacuum analyze')
    const measures: Measure[] = []
    for (const each of SIZES) measures.push(...(await measure(heddle, each)))
    return measures
  } finally {
    await heddle.stop()
  }
}

async function measure(heddle: MeasuredHeddle, size: FilledThreads): Promise<Measure[]> {
  const { hearers } = size
  const job = {
    ...spoken(heddle.port, size),
    connections: Math.min(MOST_AT_ONCE, Math.floor(MOST_OUT_AT_ONCE / hearers)),
    count: Math.ceil(TEXTS / hearers),
  }
  const before = await clockOf(heddle)
  await load({ ...job, count: THREADS, seconds: SECONDS })
  const copies = await copyRows(heddle, before)
  const texts = async (pace: { seconds: number; perSecond?: number }) =>
    textsOut(await load({ ...job, ...pace }), hearers)
  const best = await bestRates(ROUNDS, {
    queued: () => texts({ seconds: SECONDS }),
    inserted: () => insertCopies(heddle, copies, SECONDS),
  })
  const paced = await texts({ seconds: SECONDS, perSecond: best.queued / hearers / 2 })
  const who = hearers === 1 ? 'one phone' : `${hearers} phones`
  return [
    { what: `to ${who}: queued`, value: best.queued, unit: 'texts/s' },
    { what: `to ${who}: the same rows inserted`, value: best.inserted, unit: 'texts/s' },
    {
      what: `to ${who}: queued / inserted`,
      value: best.queued / best.inserted,
      unit: '',
      ...(hearers > 1 && { bar: { atLeast: LEAST } }),
    },
    { what: `to ${who}: offered at half the rate, p99 to the last`, value: paced.p99, unit: 'ms' },
  ]
}

/** All texts of a message are queued when its sender is answered: in one transaction. */
function textsOut(result: Result, hearers: number): Result {
  return { ...result, answers: result.answers * hearers }
}

function spoken(port: number, size: FilledThreads) {
  const head = `POST /simulator/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${AUTHORIZATION}\r\nContent-Type: application/json\r\n`
  const bodies = Array.from({ length: size.threads }, (_, at) =>
    JSON.stringify({ from: phoneOf(size, at + 1), to: SPOKEN_TO, body: `The tap drips again, for the time ${at}.` }),
  )
  return { port, head, bodies, status: 201 }
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, at) => heardFrom(at + 1))
}

async function giveLanesAway({ database }: MeasuredHeddle): Promise<void> {
  await database.query(`insert into nodes (id, leased_until) values ($1, '2100-01-01')`, [ELSEWHERE])
  await database.query(
    `insert into lanes (account_id, lane, due_at, node) select $1, unnest($2::text[]), '2026-01-01', $3`,
    [ACCOUNT_ID, numbers(MOST), ELSEWHERE],
  )
}

async function clockOf({ database }: MeasuredHeddle): Promise<number> {
  const { rows } = await database.query('select clock from clocks where account_id = $1', [ACCOUNT_ID])
  return Number(rows[0].clock)
}
