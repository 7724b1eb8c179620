import { isUuid, uuidOfSid } from '../../domain/ids.ts'
import { loadPoolsByName, type PoolRoute } from '../../store/pools.ts'
import type { Act } from '../step.ts'

/** The pools that are meant by names, MG SIDs or ids, by what was written; what means none is missing. */
export async function findPools(step: Act, written: string[]): Promise<Map<string, PoolRoute>> {
  const asked = [...new Set(written)]
  const ids = new Map(asked.map(text => [text, uuidOfSid('MG', text) ?? (isUuid(text) ? text.toLowerCase() : null)]))
  const names = asked.filter(text => ids.get(text) === null)
  if (names.length > 0) {
    const rows = await step.load<{ id: string; name: string }>(loadPoolsByName, [step.accountId, JSON.stringify(names)])
    for (const { id, name } of rows) ids.set(name, id)
  }
  const routes = await step.poolRoutes([...ids.values()].flatMap(id => id ?? []))
  const found = new Map<string, PoolRoute>()
  for (const [text, id] of ids) {
    const pool = id === null ? undefined : routes.get(id)
    if (pool) found.set(text, pool)
  }
  return found
}
