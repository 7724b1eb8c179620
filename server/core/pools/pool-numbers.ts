import { areaCodeOf, countryOf } from '../../domain/geography.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  countPairs,
  deletePoolNumber,
  loadPoolNumbers,
  type PoolNumber,
  type PoolNumberState,
  putPoolNumber,
  setNumberPool,
} from '../../store/pool-numbers.ts'
import { wakeWaits } from '../../store/pool-waits.ts'
import type { PoolRoute } from '../../store/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { carryIntoPool, carryOutOfPool } from '../opt-outs/carry-opt-outs.ts'
import type { Act } from '../step.ts'
import { findPools } from './find-pools.ts'
import { mustFit } from './pool-limits.ts'

/** Numbers that join in one act: each writes two rows. */
export const MAX_NUMBERS_AN_ACT = 400

/**
 * Puts numbers at the end of a pool, in the order given; those that are in it stay where they are. All are checked before
 * the first joins. Refuses `pool_unknown`, `number_unknown`, `in_use` when one is in another pool, and `pool_full`.
 */
export async function addPoolNumbers(
  core: Core,
  accountId: string,
  pool: string,
  numbers: string[],
  state: PoolNumberState = 'open',
): Promise<void> {
  for (let at = 0; at === 0 || at < numbers.length; at += MAX_NUMBERS_AN_ACT) {
    await act(core, accountId, async step => {
      const route = await poolOf(step, pool)
      const { id: poolId, settings } = route
      if (at === 0) {
        const count = await mustBeFree(step, poolId, numbers)
        await mustFit(step, { poolId, settings, count, state })
      }
      await join(step, route, numbers.slice(at, at + MAX_NUMBERS_AN_ACT), state)
      wakeAll(step, poolId)
    })
  }
}

/**
 * Takes a number out of a pool; threads that are open on it go on. Refuses `pool_unknown`, `number_not_in_pool` and, when
 * it `mustBeUnused`, `unfinished` one on which threads are open.
 */
export async function removePoolNumber(
  core: Core,
  accountId: string,
  { pool, number, mustBeUnused = false }: { pool: string; number: string; mustBeUnused?: boolean },
): Promise<void> {
  await act(core, accountId, async step => {
    const place = await placeOf(step, pool, number)
    if (mustBeUnused && (await heldOn(step, [number])).has(number)) {
      throw new Refusal('unfinished', `Threads are open on ${number}.`)
    }
    await carryOutOfPool(step, place.poolId, place.number)
    step.changes.add(deletePoolNumber, { number: place.number })
    step.changes.add(setNumberPool, { number, poolId: null, updatedAt: step.now, version: step.tick() })
    step.changes.touchConfig()
  })
}

/** Opens, reserves or pauses a number; threads that are open on it go on. Refuses as removing does, and `pool_full`. */
export async function setPoolNumberState(
  core: Core,
  accountId: string,
  { pool, number, state }: { pool: string; number: string; state: PoolNumberState },
): Promise<void> {
  await act(core, accountId, async step => {
    const place = await placeOf(step, pool, number)
    const { settings } = await poolOf(step, pool)
    const isOther = (place.state === 'reserved') !== (state === 'reserved')
    if (settings.proxy && isOther) await mustFit(step, { poolId: place.poolId, settings, count: 1, state })
    step.changes.add(putPoolNumber, { ...place, state, version: step.tick() })
    if (state === 'open') wakeAll(step, place.poolId)
  })
}

/** A number may be free for all who wait in the pool. */
export function wakeAll(step: Act, poolId: string): void {
  step.changes.add(wakeWaits, { poolId, person: null, dueAt: step.now })
  step.due(ACCOUNT_LANE, step.now)
}

async function poolOf(step: Act, written: string): Promise<PoolRoute> {
  const pool = (await findPools(step, [written])).get(written)
  if (!pool) throw new Refusal('pool_unknown', `There is no pool ${written}.`)
  return pool
}

async function placeOf(step: Act, pool: string, number: string): Promise<PoolNumber> {
  const { id: poolId } = await poolOf(step, pool)
  const [place] = await step.load<PoolNumber>(loadPoolNumbers, [step.accountId, JSON.stringify([number])])
  if (place?.poolId !== poolId) throw new Refusal('number_not_in_pool', `${number} is not in the pool.`)
  return place
}

/** How many of the numbers are in no pool yet. Refuses `number_unknown`, and `in_use` when one is in another pool. */
export async function mustBeFree(step: Act, poolId: string | null, numbers: string[]): Promise<number> {
  const routes = await step.numberRoutes(numbers)
  for (const number of numbers) {
    const route = routes.get(number)
    if (!route) throw new Refusal('number_unknown', `${number} is not a number of this account.`, { number })
    if (route.poolId && route.poolId !== poolId) throw new Refusal('in_use', `${number} is in another pool.`)
  }
  return new Set(numbers.filter(number => !routes.get(number)?.poolId)).size
}

/** Puts numbers that are in no pool at the end of this one; they were checked. */
export async function join(
  step: Act,
  { id: poolId, picks }: Pick<PoolRoute, 'id' | 'picks'>,
  numbers: string[],
  state: PoolNumberState = 'open',
): Promise<void> {
  const routes = await step.numberRoutes(numbers)
  const joining = [...new Set(numbers)].filter(number => routes.get(number)?.poolId === null)
  await carryIntoPool(step, poolId, joining)
  const held = picks === 'fewest-open' ? await heldOn(step, joining) : new Map<string, number>()
  for (const number of joining) {
    const version = step.tick()
    step.changes.add(putPoolNumber, {
      number,
      poolId,
      state,
      position: version,
      rank: held.get(number) ?? 0,
      areaCode: areaCodeOf(number),
      country: countryOf(number) ?? '',
      version,
      born: version,
    })
    step.changes.add(setNumberPool, { number, poolId, updatedAt: step.now, version })
  }
  step.changes.touchConfig()
}

/** Threads may have been on the numbers before they join. */
async function heldOn(step: Act, numbers: string[]): Promise<Map<string, number>> {
  const rows = await step.load<{ number: string; held: number }>(countPairs, [step.accountId, JSON.stringify(numbers)])
  return new Map(rows.map(({ number, held }) => [number, held]))
}
