import { laterBy } from '../../domain/calendar.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { PoolRoute } from '../../store/pools.ts'
import type { Act } from '../step.ts'
import { midnightAfter } from './pool-day.ts'

/** Sees to it that what the pool remembers from now on is forgotten in time. */
export function remember(step: Act, { rememberForMs, lateForMs, cooldownMs }: PoolRoute): void {
  const forMs = Math.max(rememberForMs, lateForMs, cooldownMs)
  step.due(ACCOUNT_LANE, midnightAfter(laterBy(step.now, forMs)))
}
