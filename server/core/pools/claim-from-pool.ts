import { Refusal } from '../../domain/refusal.ts'
import type { Attempt } from '../attempt.ts'
import type { Act } from '../step.ts'
import type { ThreadBook } from '../threads/thread-book.ts'
import { refuseExhausted } from './note-demand.ts'
import { PoolClaims } from './pool-claims.ts'

/** Written in place of one of our numbers: whichever number of the pool is free with the person. */
export const AUTOMATIC = 'auto'

/**
 * Chooses a free number of a pool for each wish, in order, and looks the pairs up in the book, so that they can be bound
 * there. Refuses, each for itself, `pool_unknown`, and `pool_exhausted` as a committed fact: whoever binds in turn, such a
 * wish neither waits nor takes from another.
 */
export async function claimFromPool(
  step: Act,
  book: ThreadBook,
  wishes: { poolId: string | null; person: string }[],
): Promise<Attempt<string>[]> {
  const pools = await step.poolRoutes(wishes.flatMap(({ poolId }) => poolId ?? []))
  const known = wishes.map(({ poolId, person }) => ({ pool: poolId === null ? undefined : pools.get(poolId), person }))
  const claims = await PoolClaims.load(
    step,
    known.flatMap(({ pool, person }) => (pool ? [{ pool, person }] : [])),
  )
  const claimed: Attempt<string>[] = []
  for (const { pool, person } of known) {
    if (!pool) {
      claimed.push({ refusal: new Refusal('pool_unknown', 'There is no pool to take a number from.') })
      continue
    }
    const number = claims.claim({ pool, person })
    if (number !== null) claimed.push({ value: number })
    else claimed.push({ refusal: await refuseExhausted(step, claims, { pool, person, room: null }) })
  }
  await book.lookUp(
    claimed.flatMap((attempt, at) =>
      'value' in attempt ? [{ person: wishes[at]!.person, number: attempt.value }] : [],
    ),
  )
  return claimed
}
