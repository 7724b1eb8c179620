import { changeRole, createRole, deleteRole } from '../../core/users/change-role.ts'
import { SERVICE_PERMISSIONS, THREAD_PERMISSIONS } from '../../core/users/default-roles.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { findRole, listRoles, type Role } from '../../store/read/roles.ts'
import { notFound } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { readName, refuse, SMALL_PAGES } from './limits.ts'
import { roleResource } from './resources/service.ts'

export function roleRoutes(api: ConversationsApi): void {
  const { core, inService } = api

  inService('/Roles', {
    async create(call) {
      const friendlyName = readName(call.parameters, 'FriendlyName')
      if (!friendlyName) throw refuse(50000, 'FriendlyName is missing')
      const kind = call.parameters.oneOf('Type', ['conversation', 'service'], 50105)
      if (!kind) throw refuse(50105, 'Invalid role type')
      const permissions = readPermissions(call.parameters, kind)
      const { serviceId } = call
      return roleResource(call, await createRole(core, call.accountId, { serviceId, friendlyName, kind, permissions }))
    },
    list: call =>
      answerList(call, {
        key: 'roles',
        rules: SMALL_PAGES,
        read: asked => listRoles(core.db, call.accountId, call.serviceId, asked),
        keyOf: role => [role.born],
        spell: role => roleResource(call, role),
      }),
  })

  inService('/Roles/:sid', {
    fetch: async call => roleResource(call, await roleOf(api, call)),
    async update(call) {
      const { id, kind } = await roleOf(api, call)
      const permissions = readPermissions(call.parameters, kind)
      const ref = { serviceId: call.serviceId, roleId: id }
      return roleResource(call, await changeRole(core, call.accountId, { ...ref, permissions }))
    },
    async remove(call) {
      const { id } = await roleOf(api, call)
      await deleteRole(core, call.accountId, { serviceId: call.serviceId, roleId: id })
    },
  })
}

async function roleOf({ core }: ConversationsApi, call: ServiceCall): Promise<Role> {
  const id = uuidOfSid('RL', call.path.sid ?? '')
  const role = id ? await findRole(core.db, call.accountId, call.serviceId, id) : null
  if (!role) throw notFound(call.request)
  return role
}

/** The whole list of what the role permits. Refuses 50104 what is no permission of its kind. */
function readPermissions(parameters: Parameters, kind: Role['kind']): string[] {
  const known: readonly string[] = kind === 'service' ? SERVICE_PERMISSIONS : THREAD_PERMISSIONS
  const asked = [...new Set(parameters.list('Permission'))]
  if (asked.length === 0) throw refuse(50104, 'Permission is missing')
  for (const permission of asked)
    if (!known.includes(permission)) throw refuse(50104, `Permission not found: ${permission}`)
  return asked
}
