import { Refusal } from '../../domain/refusal.ts'
import { loadRoles, type Role } from '../../store/roles.ts'
import { type Service, type ServiceSettings, updateService } from '../../store/services.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

/** Changes what is set for a service. Refuses `not_found`, and `role_unknown` for a role that does not fit. */
export async function changeService(
  core: Core,
  accountId: string,
  serviceId: string,
  settings: ServiceSettings,
): Promise<Service> {
  return act(core, accountId, async step => {
    const service = await loadService(step, serviceId)
    const { creatorRoleId, threadRoleId, userRoleId } = settings
    await mustBeRoles(step, serviceId, [
      { id: creatorRoleId, kind: 'conversation' },
      { id: threadRoleId, kind: 'conversation' },
      { id: userRoleId, kind: 'service' },
    ])
    const changed = { ...service, settings: { ...service.settings, ...settings } }
    storeService(step, changed)
    return changed
  })
}

/** A service that is there. Refuses `not_found`. */
export async function loadService(step: Act, serviceId: string): Promise<Service> {
  const service = (await step.services([serviceId])).get(serviceId)
  if (!service) throw new Refusal('not_found', 'There is no such service.')
  return service
}

/** Writes what was changed of a service. */
export function storeService(step: Act, service: Service): void {
  service.updatedAt = step.now
  service.version = step.tick()
  step.changes.add(updateService, service)
  step.changes.touchConfig()
}

async function mustBeRoles(
  step: Act,
  serviceId: string,
  asked: { id: string | undefined; kind: Role['kind'] }[],
): Promise<void> {
  const ids = asked.flatMap(({ id }) => id ?? [])
  if (ids.length === 0) return
  const rows = await step.load<Role>(loadRoles, [step.accountId, JSON.stringify(ids)])
  for (const { id, kind } of asked) {
    const role = rows.find(row => row.id === id)
    if (id && (role?.serviceId !== serviceId || role.kind !== kind)) {
      throw new Refusal('role_unknown', `There is no such role of kind ${kind}.`, { kind })
    }
  }
}
