import { parseDuration } from '../../domain/duration.ts'
import { newId, uuidOfSid } from '../../domain/ids.ts'
import type { SeedAccount, SeedPool } from '../../domain/seed.ts'
import { putPoolSender } from '../../store/pool-senders.ts'
import { insertPool } from '../../store/pools.ts'
import { poolsEver } from '../../store/read/pools.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { newPool } from '../pools/manage-pools.ts'
import { nameSender } from '../pools/pool-names.ts'
import { join } from '../pools/pool-numbers.ts'
import { placeSender } from '../pools/pool-senders.ts'

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
    const id = sid ?? newId(core.clock.machineMs())
    const senders = await Promise.all((seed.names ?? []).map(name => nameSender(core, accountId, id, name)))
    // In one act, however many there are: a pool that is there is whole.
    await act(core, accountId, async step => {
      const pool = newPool(step, draftOf(seed), id)
      step.changes.add(insertPool, pool)
      const held = await step.numberRoutes(seed.numbers ?? [])
      const numbers = (seed.numbers ?? []).filter(number => held.get(number)?.poolId === null)
      await join(step, pool, numbers)
      for (const sender of senders) placeSender(step, sender, step.changes.rowsOf(putPoolSender))
    })
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
    ...(cooldown && { cooldownMs: msOf(name, cooldown) }),
    ...(strict && { isStrict: strict }),
    ...(lateFor && { lateForMs: msOf(name, lateFor) }),
    ...(rememberFor && { rememberForMs: msOf(name, rememberFor) }),
    ...(expiresAfter && { expiresAfterMs: msOf(name, expiresAfter) || null }),
    ...(pricePerNumber !== undefined && { pricePerNumber }),
  }
}

function msOf(name: string, duration: string): number {
  const ms = parseDuration(duration)
  if (ms === null) throw new Error(`The seed gives the pool ${name} ${duration}, which is no duration.`)
  return ms
}
