import type { ProxySettings } from '../../domain/proxy.ts'
import { Refusal } from '../../domain/refusal.ts'
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
