import { parseDuration } from '../../domain/duration.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import type { SeedPool } from '../../domain/seed.ts'
import { insertPool } from '../../store/pools.ts'
import { poolsEver } from '../../store/read/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { newPool } from './manage-pools.ts'
import { addPoolNumbers } from './pool-numbers.ts'

/** Makes the pools that a seed names and that never were; those that are or were stay as they are. */
export async function seedPools(core: Core, accountId: string, pools: SeedPool[]): Promise<void> {
  const known = await poolsEver(core.db, accountId)
  for (const seed of pools) {
    const sid = seed.sid ? uuidOfSid('MG', seed.sid) : null
    if (known.some(({ id, name }) => (sid === null ? name === seed.name : id === sid))) continue
    const id = await act(core, accountId, async step => {
      const pool = newPool(step, draftOf(seed), sid ?? undefined)
      step.changes.add(insertPool, pool)
      step.changes.touchConfig()
      return pool.id
    })
    if (seed.numbers?.length) await addPoolNumbers(core, accountId, id, seed.numbers)
  }
}

function draftOf({
  name,
  order,
  prefers,
  exhausted,
  cooldown,
  strict,
  lateFor,
  expiresAfter,
  pricePerNumber,
}: SeedPool) {
  return {
    name,
    ...(order && { picks: order }),
    ...(prefers && { prefers }),
    ...(exhausted && { exhausted }),
    ...(cooldown && { cooldownMs: parseDuration(cooldown) ?? 0 }),
    ...(strict && { isStrict: strict }),
    ...(lateFor && { lateForMs: parseDuration(lateFor) ?? 0 }),
    ...(expiresAfter && { expiresAfterMs: parseDuration(expiresAfter) || null }),
    ...(pricePerNumber !== undefined && { pricePerNumber }),
  }
}
