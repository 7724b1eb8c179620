import type { Core } from '../../core/core.ts'
import { ensureDefaultService } from '../../core/users/open-service.ts'
import { findAccountSettings, findService } from '../../store/read/services.ts'

/** How long a node may go by a default that was changed elsewhere, in machine time. */
const REMEMBER_MS = 1000
const MAX_REMEMBERED = 10_000

/** Which service an account means where it names none; it is made at its first use. */
export interface DefaultServices {
  idOf(accountId: string): Promise<string>
  /** The account has chosen another one. */
  forget(accountId: string): void
}

export function openDefaultServices(core: Core): DefaultServices {
  const remembered = new Map<string, { id: Promise<string>; untilMs: number }>()

  async function find(accountId: string): Promise<string> {
    const id = (await findAccountSettings(core.db, accountId)).defaultServiceId ?? accountId
    return (await findService(core.db, accountId, id)) ? id : ensureDefaultService(core, accountId)
  }

  return {
    idOf(accountId) {
      const nowMs = core.clock.machineMs()
      const known = remembered.get(accountId)
      if (known && known.untilMs > nowMs) return known.id
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      const id = find(accountId)
      remembered.set(accountId, { id, untilMs: nowMs + REMEMBER_MS })
      id.catch(() => remembered.delete(accountId))
      return id
    },
    forget: accountId => remembered.delete(accountId),
  }
}
