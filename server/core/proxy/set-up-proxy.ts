import type { ProxySettings } from '../../domain/proxy.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Core } from '../core.ts'
import { changePool, createPool } from '../pools/manage-pools.ts'

/** Makes a pool that masks; its id. Refuses `unique_name_taken`: names of pools and services do not repeat. */
export function createProxyService(core: Core, accountId: string, name: string, proxy: ProxySettings): Promise<string> {
  const draft = { name, settings: { proxy }, lateForMs: 0, expiresAfterMs: null }
  return createPool(core, accountId, draft, [])
}

/** Changes what is given of a pool that masks; sessions that are open keep their lifetimes. Refuses `unique_name_taken`. */
export function changeProxyService(
  core: Core,
  accountId: string,
  serviceId: string,
  { name, proxy }: { name?: string; proxy: Partial<ProxySettings> },
): Promise<string> {
  return changePool(core, accountId, serviceId, pool => {
    if (!pool.settings.proxy) throw new Refusal('not_found', 'There is no such service.')
    return { ...(name !== undefined && { name }), settings: { proxy: { ...pool.settings.proxy, ...proxy } } }
  })
}
