import type pg from 'pg'
import { findFreeNumbers } from '../server/store/pool-claims.ts'
import { type FilledPool, personOf, poolId } from './fill-pools.ts'
import { ACCOUNT_ID } from './measured-heddle.ts'

const CLAIMS = 400
/** Until the statement is planned for good and its pages are read. */
const WARM_UP_CLAIMS = 100

/**
 * The median time in milliseconds of the one statement, for persons of the pool by turns; with `isForFull` for the one who
 * holds all its numbers but one, again and again.
 */
export async function claimMs(database: pg.Client, pool: FilledPool, isForFull = false): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < WARM_UP_CLAIMS + CLAIMS; at++) {
    const person = personOf(pool, isForFull ? -1 : at % personsOf(pool))
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

export function personsOf({ threads, held }: FilledPool): number {
  return Math.floor(threads / held)
}
