import { Refusal } from '../../domain/refusal.ts'
import { loadRoles, type Role } from '../../store/roles.ts'
import { insertUser, loadUsers, loadUsersByIdentity, type User, updateUser } from '../../store/users.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { noteGone, noteRenamed } from '../inbox/user-changes.ts'
import type { Act } from '../step.ts'
import type { Cause } from '../threads/thread-events.ts'
import { newUser } from './users.ts'

export interface UserFields {
  friendlyName?: string | null
  attributes?: string
  roleId?: string
}

/** A user as a door names them. */
export interface UserRef {
  serviceId: string
  who: { id: string } | { identity: string }
}

/** Makes a user. Refuses `user_taken` when the identity has one, and `role_unknown`. */
export async function createUser(
  core: Core,
  accountId: string,
  { serviceId, identity, cause, ...fields }: UserFields & { serviceId: string; identity: string; cause: Cause },
): Promise<User> {
  return act(core, accountId, async step => {
    const asked = JSON.stringify([{ serviceId, identity }])
    const known = await step.load<User>(loadUsersByIdentity, [accountId, asked])
    if (known.length > 0) throw new Refusal('user_taken', 'The identity has a user.')
    if (fields.roleId) await mustBeServiceRole(step, serviceId, fields.roleId)
    const service = (await step.services([serviceId])).get(serviceId)
    const user = newUser(step, { serviceId, identity, roleId: service?.settings.userRoleId ?? null, ...fields })
    step.changes.add(insertUser, user)
    step.tellOfUser({ kind: 'user_added', user, cause })
    return user
  })
}

/** Changes a user. Refuses `not_found` and `role_unknown`. */
export async function changeUser(
  core: Core,
  accountId: string,
  { cause, serviceId, who, ...fields }: UserRef & UserFields & { cause: Cause },
): Promise<User> {
  return act(core, accountId, async step => {
    const user = await loadUser(step, { serviceId, who })
    if (fields.roleId) await mustBeServiceRole(step, serviceId, fields.roleId)
    const isRenamed = fields.friendlyName !== undefined && fields.friendlyName !== user.friendlyName
    Object.assign(user, fields)
    touch(step, user)
    if (isRenamed) noteRenamed(step, user.id)
    step.tellOfUser({ kind: 'user_updated', user, cause })
    return user
  })
}

/** Deletes a user; where the identity takes part, it goes on doing so. Refuses `not_found`. */
export async function deleteUser(
  core: Core,
  accountId: string,
  { cause, ...ref }: UserRef & { cause: Cause },
): Promise<void> {
  await act(core, accountId, async step => {
    const user = await loadUser(step, ref)
    user.deletedAt = step.now
    touch(step, user)
    await noteGone(step, user.id)
    step.tellOfUser({ kind: 'user_deleted', user, cause })
  })
}

/** Refuses `not_found`. */
export async function loadUser(step: Act, { serviceId, who }: UserRef): Promise<User> {
  const [user] =
    'id' in who
      ? await step.load<User>(loadUsers, [step.accountId, JSON.stringify([who.id])])
      : await step.load<User>(loadUsersByIdentity, [
          step.accountId,
          JSON.stringify([{ serviceId, identity: who.identity }]),
        ])
  if (user?.serviceId !== serviceId) throw new Refusal('not_found', 'There is no such user.')
  return user
}

async function mustBeServiceRole(step: Act, serviceId: string, roleId: string): Promise<void> {
  const [role] = await step.load<Role>(loadRoles, [step.accountId, JSON.stringify([roleId])])
  if (role?.serviceId !== serviceId || role.kind !== 'service') {
    throw new Refusal('role_unknown', 'There is no such role of services.', { kind: 'service' })
  }
}

function touch(step: Act, user: User): void {
  user.updatedAt = step.now
  user.version = step.tick()
  step.changes.add(updateUser, user)
}
