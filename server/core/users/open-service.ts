import { newId } from '../../domain/ids.ts'
import { insertPool } from '../../store/pools.ts'
import { insertRole } from '../../store/roles.ts'
import { insertService, type Service, type ServiceSettings } from '../../store/services.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { newPool } from '../pools/manage-pools.ts'
import type { Act } from '../step.ts'
import { DEFAULT_ROLES } from './default-roles.ts'

/** Opens a service with the roles that every service begins with. */
export async function openService(core: Core, accountId: string, friendlyName: string): Promise<Service> {
  return act(core, accountId, async step => addService(step, newId(step.now.getTime()), friendlyName))
}

/** The id of the service that is meant where none is named; the service is made at its first use. */
export async function ensureDefaultService(core: Core, accountId: string): Promise<string> {
  return act(core, accountId, async step => {
    const id = await defaultServiceId(step)
    if (!(await step.services([id])).has(id)) addService(step, id, 'Default Conversations Service')
    await addDefaultPool(step)
    return id
  })
}

/** The pool that threads name where none is named: without numbers of its own, and the account's own id, unless its owner chose one. */
async function addDefaultPool(step: Act): Promise<void> {
  const { defaultPoolId } = await step.ownerSettings()
  if (defaultPoolId || (await step.poolRoutes([step.accountId])).has(step.accountId)) return
  step.changes.add(insertPool, newPool(step, { name: 'Default Messaging Service for Conversations' }, step.accountId))
  step.changes.touchConfig()
}

/** The id of the service that is meant where none is named: the account's own id unless its owner chose one. */
export async function defaultServiceId(step: Act): Promise<string> {
  return (await step.ownerSettings()).defaultServiceId ?? step.accountId
}

function addService(step: Act, id: string, friendlyName: string): Service {
  const settings: ServiceSettings = { reachability: false }
  const dated = { createdAt: step.now, updatedAt: step.now, deletedAt: null }
  for (const { setting, ...role } of DEFAULT_ROLES) {
    const roleId = newId(step.now.getTime())
    const born = step.tick()
    step.changes.add(insertRole, { id: roleId, serviceId: id, ...role, ...dated, version: born, born })
    if (setting) settings[setting] = roleId
  }
  const born = step.tick()
  const service = { id, friendlyName, settings, ...dated, version: born, born }
  step.changes.add(insertService, service)
  step.changes.touchConfig()
  return service
}
