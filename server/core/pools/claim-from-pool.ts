import { Refusal } from '../../domain/refusal.ts'
import type { Attempt } from '../attempt.ts'
import type { Act } from '../step.ts'
import type { ThreadBook } from '../threads/thread-book.ts'
import { refuseExhausted } from './note-demand.ts'
import { type ClaimWish, PoolClaims } from './pool-claims.ts'

/** Written in place of one of our numbers: whichever number of the pool is free with the person. */
export const AUTOMATIC = 'auto'

/**
 * Chooses a free number of a pool for each wish, in order, and looks the pairs up in the book, so that they can be bound
 * there. `named` are the pairs that the act binds beside them: their numbers are not free for the same person. Refuses,
 * each for itself, `pool_unknown`, and `pool_exhausted` as a committed fact: whoever binds in turn, such a wish neither
 * waits nor takes from another.
 */
export async function claimFromPool(
  step: Act,
  book: ThreadBook,
  wishes: { poolId: string | null; person: string }[],
  named: { person: string; number: string }[],
): Promise<Attempt<string>[]> {
  const pools = await step.poolRoutes(wishes.flatMap(({ poolId }) => poolId ?? []))
  const known = wishes.map(({ poolId, person }) => ({ pool: poolId === null ? undefined : pools.get(poolId), person }))
  const asked = known.flatMap(({ pool, person }) => (pool ? [{ pool, person }] : []))
  const taken = await takenBeside(step, book, asked, named)
  const claims = await PoolClaims.load(step, [...asked, ...taken])
  for (const each of taken) claims.take(each, each.number)
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

/** Of the pairs that are bound by name, those with a number that a wish of the same person could be given. */
async function takenBeside(
  step: Act,
  book: ThreadBook,
  asked: ClaimWish[],
  named: { person: string; number: string }[],
): Promise<(ClaimWish & { number: string })[]> {
  const pairs = named.filter(({ person }) => asked.some(each => each.person === person))
  if (pairs.length === 0) return []
  await book.lookUp(pairs)
  const routes = await step.numberRoutes(pairs.map(({ number }) => number))
  return pairs.flatMap(pair => {
    const poolId = routes.get(pair.number)?.poolId
    const wish = asked.find(each => each.person === pair.person && each.pool.id === poolId)
    return wish && book.holderId(pair) === null ? [{ ...wish, number: pair.number }] : []
  })
}
