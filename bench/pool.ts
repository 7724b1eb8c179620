import type pg from 'pg'
import { findFreeNumbers } from '../server/store/pool-claims.ts'
import { load } from './child.ts'
import { type FilledPool, fillPool, personOf, poolId } from './fill-pools.ts'
import { ACCOUNT_ID, AUTHORIZATION, startHeddle } from './measured-heddle.ts'
import type { Measure } from './report.ts'

const CLAIMS = 400
/** Until the statement is planned for good and its pages are read. */
const WARM_UP_CLAIMS = 100
const OPENS = { connections: 64, count: 6_000, seconds: 8 }
const REPLIES = { connections: 64, count: 10_000, seconds: 6 }

const POOLS: FilledPool[] = [
  { name: 'five', at: 1, numbers: 5, threads: 10_000 },
  { name: 'four hundred', at: 2, numbers: 400, threads: 10_000 },
  { name: 'ten thousand', at: 3, numbers: 10_000, threads: 10_000 },
]
const FULL: FilledPool = { name: 'full', at: 4, numbers: 10_000, threads: 1_000_000 }

/** How fast threads are opened and answered, and that a claim costs the same however large the pool and the account. */
export async function pool(): Promise<Measure[]> {
  const few = await startHeddle([])
  const many = await startHeddle([])
  try {
    for (const each of POOLS) await fillPool(few.database, each)
    await fillPool(many.database, FULL)
    for (const { database } of [few, many]) await database.query('vacuum analyze')
    const claims = []
    for (const each of POOLS) claims.push({ pool: each, ms: await claimMs(few.database, each, 0) })
    claims.push({ pool: FULL, ms: await claimMs(many.database, FULL, 0) })
    const least = Math.min(...claims.map(({ ms }) => ms))
    const most = Math.max(...claims.map(({ ms }) => ms))
    const opened = await load({ ...openings(few.port, POOLS[2]!), ...OPENS })
    const openedInFull = await load({ ...openings(many.port, FULL), ...OPENS })
    const replied = await load({ ...replies(few.port, POOLS[2]!), ...REPLIES })
    return [
      ...claims.map(({ pool: { numbers, threads }, ms }) => ({
        what: `claim, person holding 4: ${numbers} numbers, ${threads.toLocaleString('en')} open threads`,
        value: ms,
        unit: 'ms',
      })),
      { what: 'claim, slowest of these to fastest', value: most / least, unit: 'x', bar: { atMost: 2 } },
      {
        what: 'claim, person holding 9,999 of 10,000 numbers',
        value: await claimMs(many.database, FULL, -1),
        unit: 'ms',
        bar: { atMost: 25 },
      },
      { what: 'opens, 10,000 numbers, 10,000 open threads', value: rate(opened), unit: 'threads/s' },
      { what: 'opens, 10,000 numbers, 1,000,000 open threads', value: rate(openedInFull), unit: 'threads/s' },
      { what: 'replies into open threads', value: rate(replied), unit: 'texts/s' },
    ]
  } finally {
    await Promise.all([few.stop(), many.stop()])
  }
}

/** The median time of the one statement, for persons from the given one on; the one at -1 is asked for again and again. */
async function claimMs(database: pg.Client, pool: FilledPool, first: number): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < WARM_UP_CLAIMS + CLAIMS; at++) {
    const person = personOf(pool, first < 0 ? first : first + at)
    const asked = [
      {
        at: 0,
        poolId: poolId(pool.at),
        person,
        areaCode: null,
        country: null,
        knownTo: null,
        wanted: 1,
        restingAfter: null,
        isStrict: false,
      },
    ]
    const startedAt = performance.now()
    const { rows } = await database.query({
      name: 'claim',
      text: findFreeNumbers,
      values: [ACCOUNT_ID, JSON.stringify(asked)],
    })
    if (at >= WARM_UP_CLAIMS) times.push(performance.now() - startedAt)
    if (rows.length !== 1) throw new Error(`${person} found ${rows.length} numbers in ${pool.name}.`)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}

function rate({ answers, seconds }: { answers: number; seconds: number }): number {
  return answers / seconds
}

const HEAD = `Host: 127.0.0.1\r\nAuthorization: ${AUTHORIZATION}\r\nContent-Type: application/json\r\n`

function openings(port: number, pool: FilledPool) {
  const bodies = Array.from({ length: 2_000 }, (_, at) =>
    JSON.stringify({ pool: pool.name, to: personOf(pool, at), body: `Question ${at}`, room: `room ${at}` }),
  )
  return { port, head: `POST /v1/threads HTTP/1.1\r\n${HEAD}`, bodies, status: 201 }
}

function replies(port: number, pool: FilledPool) {
  const bodies = Array.from({ length: 2_000 }, (_, at) =>
    JSON.stringify({ from: personOf(pool, at), to: `+1777${pool.at}000001`, body: `Answer ${at}` }),
  )
  return { port, head: `POST /simulator/messages HTTP/1.1\r\n${HEAD}`, bodies, status: 201 }
}
