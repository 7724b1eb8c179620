import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { forgetAccountSetting } from '../../store/account-settings.ts'
import { deleteAddress } from '../../store/addresses.ts'
import { emptyPool, forgetPlaces, rerankPools } from '../../store/pool-numbers.ts'
import { insertPool, loadPools, loadPoolsByName, type Pool, updatePool } from '../../store/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { carryOutOfPool } from '../opt-outs/carry-opt-outs.ts'
import type { Act } from '../step.ts'
import { findPools } from './find-pools.ts'
import { mustFit } from './pool-limits.ts'
import { addPoolNumbers, join, MAX_NUMBERS_AN_ACT, mustBeFree, wakeAll } from './pool-numbers.ts'

/** What the owner of a pool may set. */
export type PoolDraft = Pick<
  Pool,
  | 'name'
  | 'settings'
  | 'picks'
  | 'prefers'
  | 'exhausted'
  | 'cooldownMs'
  | 'isStrict'
  | 'lateForMs'
  | 'rememberForMs'
  | 'expiresAfterMs'
  | 'pricePerNumber'
>

const HOUR_MS = 3_600_000

/** A pool of which only the name was said. */
const DEFAULTS: Omit<PoolDraft, 'name'> = {
  settings: {},
  picks: 'in-order',
  prefers: [],
  exhausted: 'refuse',
  cooldownMs: 0,
  isStrict: false,
  lateForMs: 72 * HOUR_MS,
  rememberForMs: 365 * 24 * HOUR_MS,
  expiresAfterMs: 72 * HOUR_MS,
  pricePerNumber: 1,
}

/** Makes a pool with its numbers. Refuses `unique_name_taken`, and what adding numbers refuses: then there is no pool. */
export async function createPool(
  core: Core,
  accountId: string,
  draft: Partial<PoolDraft> & { name: string },
  numbers: string[],
): Promise<string> {
  const id = await act(core, accountId, async step => {
    await mustBeFreeName(step, draft.name, null)
    const count = await mustBeFree(step, null, numbers)
    await mustFit(step, { poolId: null, settings: draft.settings ?? {}, count, state: 'open' })
    const pool = newPool(step, draft)
    step.changes.add(insertPool, pool)
    await join(step, pool, numbers.slice(0, MAX_NUMBERS_AN_ACT))
    return pool.id
  })
  if (numbers.length > MAX_NUMBERS_AN_ACT) await addPoolNumbers(core, accountId, id, numbers)
  return id
}

/** A pool as an act writes it; `id` where it was chosen beforehand. */
export function newPool(step: Act, draft: Partial<PoolDraft> & { name: string }, id?: string): Pool {
  const version = step.tick()
  return {
    ...DEFAULTS,
    ...draft,
    id: id ?? newId(step.now.getTime()),
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version,
    born: version,
  }
}

/**
 * Changes a pool; what is left out stays, and what depends on what was set before is asked `changesOf` the pool as it is.
 * Threads that are open keep their timers. Refuses `pool_unknown` and `unique_name_taken`.
 */
export async function changePool(
  core: Core,
  accountId: string,
  written: string,
  changesOf: (pool: Pool) => Partial<PoolDraft>,
): Promise<string> {
  return act(core, accountId, async step => {
    const pool = await poolOf(step, written)
    const changes = changesOf(pool)
    if (changes.name !== undefined) await mustBeFreeName(step, changes.name, pool.id)
    const settings = { ...pool.settings, ...changes.settings }
    const changed = { ...pool, ...changes, settings, updatedAt: step.now, version: step.tick() }
    step.changes.add(updatePool, changed)
    if (changed.picks !== pool.picks) step.changes.add(rerankPools, { poolId: pool.id, picks: changed.picks })
    step.changes.touchConfig()
    wakeAll(step, pool.id)
    return pool.id
  })
}

/**
 * Ends a pool: its numbers are free for others, its open threads go on, those that wait in it close, and new ones that name
 * none no longer name it. Refuses `pool_unknown`.
 */
export async function deletePool(core: Core, accountId: string, written: string): Promise<void> {
  await act(core, accountId, step => endPool(step, written))
}

/** Ends a pool within an act, as `deletePool` does. */
export async function endPool(step: Act, written: string): Promise<void> {
  const pool = await poolOf(step, written)
  await carryOutOfPool(step, pool.id, null)
  const version = step.tick()
  step.changes.add(updatePool, { ...pool, deletedAt: step.now, updatedAt: step.now, version })
  step.changes.add(emptyPool, { poolId: pool.id, updatedAt: step.now, version })
  step.changes.add(forgetPlaces, { poolId: pool.id })
  const rules = await step.addressRules([pool.id])
  step.changes.add(deleteAddress, ...[...rules.values()].map(({ id }) => ({ id })))
  const isDefault = (await step.ownerSettings()).defaultPoolId === pool.id
  if (isDefault) step.changes.add(forgetAccountSetting, { name: 'defaultPoolId' })
  step.changes.touchConfig()
  wakeAll(step, pool.id)
}

async function poolOf(step: Act, written: string): Promise<Pool> {
  const route = (await findPools(step, [written])).get(written)
  const [pool] = route ? await step.load<Pool>(loadPools, [step.accountId, JSON.stringify([route.id])]) : []
  if (!pool) throw new Refusal('pool_unknown', `There is no pool ${written}.`)
  return pool
}

async function mustBeFreeName(step: Act, name: string, ownId: string | null): Promise<void> {
  const [holder] = await step.load<{ id: string }>(loadPoolsByName, [step.accountId, JSON.stringify([name])])
  if (holder && holder.id !== ownId) throw new Refusal('unique_name_taken', `There is a pool ${name} already.`)
}
