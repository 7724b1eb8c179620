import type { PoolSettings } from '../../domain/pool.ts'
import { Refusal } from '../../domain/refusal.ts'
import { countPoolStates, type PoolNumberState } from '../../store/pool-numbers.ts'
import type { Act } from '../step.ts'

interface Joining {
  /** Null: a pool that is being made. */
  poolId: string | null
  settings: PoolSettings
  /** How many numbers come to have that state. */
  count: number
  state: PoolNumberState
}

/**
 * Refuses `pool_full` when the pool would have more numbers than the account allows. Pools that mask count their reserved
 * numbers apart from the others. Source: Twilio, errors 21714 and 80622.
 */
export async function mustFit(step: Act, { poolId, settings, count, state }: Joining): Promise<void> {
  const isReserved = state === 'reserved'
  const limits = await step.ownerSettings()
  const ofMasking = isReserved ? limits.maxReservedNumbers : limits.maxMaskingNumbers
  const most = settings.proxy ? ofMasking : limits.maxNumbersPerPool
  if (most === undefined || most === null) return
  const rows =
    poolId === null
      ? []
      : await step.load<{ state: PoolNumberState; count: number }>(countPoolStates, [step.accountId, poolId])
  const present = rows
    .filter(row => !settings.proxy || (row.state === 'reserved') === isReserved)
    .reduce((sum, row) => sum + row.count, 0)
  if (present + count > most) throw new Refusal('pool_full', `The pool may have ${most} such numbers.`, { most })
}
