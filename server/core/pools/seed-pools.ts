import { parseDuration } from '../../domain/duration.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import type { SeedAccount, SeedPool } from '../../domain/seed.ts'
import { insertPool } from '../../store/pools.ts'
import { poolsEver } from '../../store/read/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { newPool } from './manage-pools.ts'
import { addPoolName } from './pool-names.ts'
import { addPoolNumbers, join, MAX_NUMBERS_AN_ACT } from './pool-numbers.ts'

/**
 * Makes the pools that a seed names and that never were; those that are or were stay as they are, and numbers that were
 * given up since stay away. Throws with a sentence for the operator when a pool has a number that the account is not given.
 */
export async function seedPools(core: Core, accountId: string, account: SeedAccount): Promise<void> {
  const { pools = [], numbers = [] } = account
  for (const { name, numbers: wanted = [] } of pools) {
    const stray = wanted.find(number => !numbers.some(each => each.number === number))
    if (stray) throw new Error(`The seed gives ${stray} to the pool ${name}, but not to the account ${account.name}.`)
  }
  const known = await poolsEver(core.db, accountId)
  for (const seed of pools) {
    const sid = seed.sid ? uuidOfSid('MG', seed.sid) : null
    if (known.some(({ id, name }) => (sid === null ? name === seed.name : id === sid))) continue
    const made = await act(core, accountId, async step => {
      const pool = newPool(step, draftOf(seed), sid ?? undefined)
      step.changes.add(insertPool, pool)
      const held = await step.numberRoutes(seed.numbers ?? [])
      const numbers = (seed.numbers ?? []).filter(number => held.get(number)?.poolId === null)
      await join(step, pool.id, numbers.slice(0, MAX_NUMBERS_AN_ACT))
      return { id: pool.id, more: numbers.slice(MAX_NUMBERS_AN_ACT) }
    })
    if (made.more.length > 0) await addPoolNumbers(core, accountId, made.id, made.more)
    for (const name of seed.names ?? []) await addPoolName(core, accountId, made.id, name)
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
  rememberFor,
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
    ...(rememberFor && { rememberForMs: parseDuration(rememberFor) ?? 0 }),
    ...(expiresAfter && { expiresAfterMs: parseDuration(expiresAfter) || null }),
    ...(pricePerNumber !== undefined && { pricePerNumber }),
  }
}
