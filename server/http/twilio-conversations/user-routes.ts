import { changeUserAsked } from '../../core/threads/asked-acts.ts'
import { createUser, deleteUser, type UserFields } from '../../core/users/change-user.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { findUser, listUsers, type User } from '../../store/read/users.ts'
import { notFound } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { readAttributes, readIdentity, readName, readSid, refuse, SMALL_PAGES } from './limits.ts'
import { userResource } from './resources/user.ts'

export function userRoutes(api: ConversationsApi): void {
  const { core, inService } = api

  inService('/Users', {
    async create(call) {
      const identity = readIdentity(call.parameters)
      if (identity === undefined) throw refuse(50204, 'Identity not provided')
      const fields = readUser(call.parameters)
      const { serviceId, cause } = call
      return userResource(call, await createUser(core, call.accountId, { ...fields, serviceId, identity, cause }))
    },
    list: call =>
      answerList(call, {
        key: 'users',
        rules: SMALL_PAGES,
        read: asked => listUsers(core.db, call.accountId, call.serviceId, asked),
        keyOf: user => [user.born],
        spell: user => userResource(call, user),
      }),
  })

  inService('/Users/:userSid', {
    fetch: async call => userResource(call, await userOf(api, call)),
    async update(call) {
      const ref = { serviceId: call.serviceId, who: userName(call), cause: call.cause }
      return userResource(call, await changeUserAsked(core, call.accountId, { ...ref, ...readUser(call.parameters) }))
    },
    async remove(call) {
      const ref = { serviceId: call.serviceId, who: userName(call), cause: call.cause }
      await deleteUser(core, call.accountId, ref)
    },
  })
}

/** The user that the path names, by SID or identity. Refuses 20404. */
export async function userOf({ core }: ConversationsApi, call: ServiceCall): Promise<User> {
  const user = await findUser(core.db, call.accountId, call.serviceId, userName(call))
  if (!user) throw notFound(call.request)
  return user
}

function userName({ path }: ServiceCall): { id: string } | { identity: string } {
  const name = path.userSid ?? ''
  const id = uuidOfSid('US', name)
  return id ? { id } : { identity: name }
}

function readUser(parameters: Parameters): UserFields {
  const friendlyName = readName(parameters, 'FriendlyName')
  const attributes = readAttributes(parameters)
  const roleId = readSid(parameters, 'RoleSid', 'RL', 50100)
  return {
    ...(friendlyName !== undefined && { friendlyName: friendlyName === '' ? null : friendlyName }),
    ...(attributes !== undefined && { attributes }),
    ...(roleId && { roleId }),
  }
}
