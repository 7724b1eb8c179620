import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { insertRole, loadRoles, type Role, updateRole } from '../../store/roles.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

/** Makes a role of a service. */
export async function createRole(
  core: Core,
  accountId: string,
  draft: Pick<Role, 'serviceId' | 'friendlyName' | 'kind' | 'permissions'>,
): Promise<Role> {
  return act(core, accountId, async step => {
    const born = step.tick()
    const role: Role = {
      ...draft,
      id: newId(step.now.getTime()),
      createdAt: step.now,
      updatedAt: step.now,
      deletedAt: null,
      version: born,
      born,
    }
    step.changes.add(insertRole, role)
    return role
  })
}

export interface RoleRef {
  serviceId: string
  roleId: string
}

/** Gives a role other permissions in place of those it has. Refuses `not_found`. */
export async function changeRole(
  core: Core,
  accountId: string,
  { permissions, ...ref }: RoleRef & { permissions: string[] },
): Promise<Role> {
  return act(core, accountId, async step => {
    const role = await loadRole(step, ref)
    role.permissions = permissions
    touch(step, role)
    return role
  })
}

/** Deletes a role. Refuses `not_found`, and `in_use` while it is a default of its service. */
export async function deleteRole(core: Core, accountId: string, ref: RoleRef): Promise<void> {
  await act(core, accountId, async step => {
    const role = await loadRole(step, ref)
    const service = (await step.services([ref.serviceId])).get(ref.serviceId)
    if (service && Object.values(service.settings).includes(ref.roleId)) {
      throw new Refusal('in_use', 'The role is a default of its service.', { what: 'role' })
    }
    role.deletedAt = step.now
    touch(step, role)
  })
}

async function loadRole(step: Act, { serviceId, roleId }: RoleRef): Promise<Role> {
  const [role] = await step.load<Role>(loadRoles, [step.accountId, JSON.stringify([roleId])])
  if (role?.serviceId !== serviceId) throw new Refusal('not_found', 'There is no such role.')
  return role
}

function touch(step: Act, role: Role): void {
  role.updatedAt = step.now
  role.version = step.tick()
  step.changes.add(updateRole, role)
}
