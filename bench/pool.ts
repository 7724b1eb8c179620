import { type FilledPool, fillPool } from './fill-pools.ts'
import { type MeasuredHeddle, startHeddle } from './measured-heddle.ts'
import { claimMs } from './pool-claims.ts'
import { openingRates, replyRates, type ServedPool } from './pool-rates.ts'
import type { Measure } from './report.ts'

const CLAIM_ROUNDS = 5
const FEW_THREADS = 10_000
const POOLS: FilledPool[] = [
  { name: 'five', at: 1, numbers: 5, threads: FEW_THREADS, held: 4 },
  { name: 'four hundred', at: 2, numbers: 400, threads: FEW_THREADS, held: 4 },
  { name: 'ten thousand', at: 3, numbers: 10_000, threads: FEW_THREADS, held: 4 },
]
const FULL: FilledPool = { name: 'full', at: 4, numbers: 10_000, threads: 1_000_000, held: 4 }
/** Persons who hold many threads: told, not claimed. */
const HOLDERS: FilledPool[] = [
  { name: 'holding 49', at: 5, numbers: 10_000, threads: FEW_THREADS, held: 49 },
  { name: 'holding 399', at: 6, numbers: 10_000, threads: FEW_THREADS, held: 399 },
]

/** That opening a thread, answering it and the claim itself cost the same however large the pool and the account. */
export async function pool(): Promise<Measure[]> {
  const few = await startHeddle([])
  const many = await startHeddle([])
  try {
    const flat: Filled[] = [...POOLS.map(each => ({ pool: each, at: few })), { pool: FULL, at: many }]
    const told: Filled[] = HOLDERS.map(each => ({ pool: each, at: few }))
    const all = [...flat, ...told]
    for (const { pool, at } of all) await fillPool(at.database, pool)
    for (const { database } of [few, many]) await database.query('vacuum analyze')
    const claims = await claimTimes(all)
    const served = all.map(({ pool, at }): ServedPool => ({ pool, port: at.port }))
    return [
      ...measures({ what: 'claim', unit: 'ms', flat, told }, claims),
      {
        what: 'claim, person holding 9,999 of 10,000 numbers',
        value: await best(() => claimMs(many.database, FULL, true)),
        unit: 'ms',
        bar: { atMost: 25 },
      },
      ...measures({ what: 'open', unit: 'threads/s', flat, told }, await openingRates(served)),
      ...measures({ what: 'reply', unit: 'texts/s', flat, told }, await replyRates(served)),
    ]
  } finally {
    await Promise.all([few.stop(), many.stop()])
  }
}

interface Filled {
  pool: FilledPool
  at: MeasuredHeddle
}

/** The best of interleaved rounds, by pool, in milliseconds. */
async function claimTimes(all: Filled[]): Promise<Record<string, number>> {
  const times: Record<string, number> = {}
  for (let round = 0; round < CLAIM_ROUNDS; round++) {
    for (const { pool, at } of all) {
      times[pool.name] = Math.min(times[pool.name] ?? Number.POSITIVE_INFINITY, await claimMs(at.database, pool))
    }
  }
  return times
}

async function best(measure: () => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < CLAIM_ROUNDS; round++) times.push(await measure())
  return Math.min(...times)
}

/** The figure of each pool, and how far apart those are that must not be. */
function measures(
  { what, unit, flat, told }: { what: string; unit: string; flat: Filled[]; told: Filled[] },
  figures: Record<string, number>,
): Measure[] {
  const each = ({ pool }: Filled): Measure => ({ what: `${what}, ${spell(pool)}`, value: figures[pool.name]!, unit })
  const compared = flat.map(({ pool }) => figures[pool.name]!)
  return [
    ...flat.map(each),
    {
      what: `${what}, slowest to fastest`,
      value: Math.max(...compared) / Math.min(...compared),
      unit: 'x',
      bar: { atMost: 2 },
    },
    ...told.map(each),
  ]
}

function spell({ numbers, threads, held }: FilledPool): string {
  return `person holding ${held}: ${numbers.toLocaleString('en')} numbers, ${threads.toLocaleString('en')} open threads`
}
