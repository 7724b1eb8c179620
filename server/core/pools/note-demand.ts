import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { countPoolDay, insertRefusal } from '../../store/pool-days.ts'
import type { Act } from '../step.ts'
import type { ClaimWish, PoolClaims } from './pool-claims.ts'
import { dayOf } from './pool-day.ts'
import { remember } from './remember.ts'

/** Writes down that a pool had no number for a person, and makes the refusal that says how many would have been enough. */
export async function refuseExhausted(
  step: Act,
  claims: PoolClaims,
  wish: ClaimWish & { room: string | null },
): Promise<Refusal> {
  const { held, needed } = await noteDemand(step, claims, wish, 'refused')
  step.changes.add(insertRefusal, {
    id: newId(step.now.getTime()),
    poolId: wish.pool.id,
    person: wish.person,
    room: wish.room,
    held,
    needed,
    refusedAt: step.now,
    born: step.tick(),
  })
  remember(step, wish.pool)
  return new Refusal('pool_exhausted', 'All numbers of the pool are in use with this person.', {
    numbersNeeded: needed,
  })
}

/** Counts a wish that found no number: how many numbers would have been enough. */
export async function noteDemand(
  step: Act,
  claims: PoolClaims,
  wish: ClaimWish,
  what: 'refused' | 'waited',
): Promise<{ held: number; needed: number }> {
  const { held, resting, waiting } = await claims.demand(wish)
  const needed = held + resting + waiting + 1
  step.changes.add(countPoolDay, {
    poolId: wish.pool.id,
    person: wish.person,
    day: dayOf(step.now),
    opened: 0,
    closed: 0,
    refused: what === 'refused' ? 1 : 0,
    waited: what === 'waited' ? 1 : 0,
    peak: 0,
    needed,
  })
  return { held, needed }
}
