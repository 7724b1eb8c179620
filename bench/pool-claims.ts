import type pg from 'pg'
import { findFreeNumbers } from '../server/store/pool-claims.ts'
import { type FilledPool, personOf, poolId } from './fill-pools.ts'
import { ACCOUNT_ID } from './measured-heddle.ts'

const STATEMENTS = 200
/** Until the statement is planned for good and its pages are read. */
const WARM_UP_STATEMENTS = 50
/** As an act that opens many threads asks: the way to the database and back does not count for each. */
const CLAIMS_A_STATEMENT = 20

/**
 * The median time in milliseconds of one claim, for persons of the pool by turns; with `isForFull` for the one who holds
 * all its numbers but one, again and again, each by a statement of its own.
 */
export async function claimMs(database: pg.Client, pool: FilledPool, isForFull = false): Promise<number> {
  const perStatement = isForFull ? 1 : CLAIMS_A_STATEMENT
  const times: number[] = []
  for (let statement = 0; statement < WARM_UP_STATEMENTS + STATEMENTS; statement++) {
    const asked = Array.from({ length: perStatement }, (_, at) => ({
      at,
      poolId: poolId(pool.at),
      person: personOf(pool, isForFull ? -1 : (statement * perStatement + at) % personsOf(pool)),
      areaCode: null,
      country: null,
      knownTo: null,
      wanted: 1,
      restingAfter: null,
      isStrict: false,
    }))
    const startedAt = performance.now()
    const { rows } = await database.query({
      name: 'claim',
      text: findFreeNumbers,
      values: [ACCOUNT_ID, JSON.stringify(asked)],
    })
    if (statement >= WARM_UP_STATEMENTS) times.push((performance.now() - startedAt) / perStatement)
    if (rows.length !== perStatement)
      throw new Error(`${perStatement} persons found ${rows.length} numbers in ${pool.name}.`)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}

export function personsOf({ threads, held }: FilledPool): number {
  return Math.floor(threads / held)
}
