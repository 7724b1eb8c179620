import type { ProxySettings } from '../../domain/proxy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import type { PoolRoute } from '../../store/pools.ts'
import type { Act } from '../step.ts'

/** A pool that masks. */
export type ProxyPool = PoolRoute & { settings: { proxy: ProxySettings } }

export function isProxyPool(pool: PoolRoute | undefined): pool is ProxyPool {
  return pool?.settings.proxy !== undefined
}

/** The pool of a service. Refuses `not_found`. */
export async function getProxyPool(step: Act, serviceId: string): Promise<ProxyPool> {
  const pool = (await step.poolRoutes([serviceId])).get(serviceId)
  if (!isProxyPool(pool)) throw new Refusal('not_found', 'There is no such service.')
  return pool
}

/** A number of the pool, by the routes of those asked for. Refuses `number_unknown` and `number_not_in_pool`. */
export function getPoolNumber(pool: ProxyPool, routes: Map<string, NumberRoute>, number: string): NumberRoute {
  const route = routes.get(number)
  if (!route) throw new Refusal('number_unknown', `${number} is not a number of this account.`, { number })
  if (route.poolId !== pool.id) throw new Refusal('number_not_in_pool', `${route.number} is not in the service.`)
  return route
}
