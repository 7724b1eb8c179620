import { changeService } from '../../core/users/change-service.ts'
import { deleteService } from '../../core/users/delete-service.ts'
import { openService } from '../../core/users/open-service.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { findService, listServices, type Service, type ServiceSettings } from '../../store/read/services.ts'
import { notFound } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { LARGE_PAGES, readName, readSid, refuse } from './limits.ts'
import { serviceConfigurationResource, serviceResource } from './resources/service.ts'

export function serviceRoutes(api: ConversationsApi): void {
  const { core, inAccount } = api

  inAccount('/Services', {
    async create(call) {
      const friendlyName = readName(call.parameters, 'FriendlyName')
      if (!friendlyName) throw refuse(50000, 'FriendlyName is missing')
      return serviceResource(call, await openService(core, call.accountId, friendlyName))
    },
    list: call =>
      answerList(call, {
        key: 'services',
        rules: LARGE_PAGES,
        read: asked => listServices(core.db, call.accountId, asked),
        keyOf: service => [service.born],
        spell: service => serviceResource(call, service),
      }),
  })

  inAccount('/Services/:sid', {
    fetch: async call => serviceResource(call, await serviceOf(api, call)),
    async remove(call) {
      await deleteService(core, call.accountId, (await serviceOf(api, call)).id, call.cause)
    },
  })

  inAccount('/Services/:sid/Configuration', {
    fetch: async call => serviceConfigurationResource(call, await serviceOf(api, call)),
    async update(call) {
      const { id } = await serviceOf(api, call)
      const changed = await changeService(core, call.accountId, id, readSettings(call.parameters))
      return serviceConfigurationResource(call, changed)
    },
  })
}

async function serviceOf({ core }: ConversationsApi, call: ServiceCall): Promise<Service> {
  const id = uuidOfSid('IS', call.path.sid ?? '')
  const service = id ? await findService(core.db, call.accountId, id) : null
  if (!service) throw notFound(call.request)
  return service
}

function readSettings(parameters: Parameters): ServiceSettings {
  const creatorRoleId = readSid(parameters, 'DefaultConversationCreatorRoleSid', 'RL', 50109)
  const threadRoleId = readSid(parameters, 'DefaultConversationRoleSid', 'RL', 50109)
  const userRoleId = readSid(parameters, 'DefaultChatServiceRoleSid', 'RL', 50100)
  const reachability = parameters.flag('ReachabilityEnabled')
  return {
    ...(creatorRoleId && { creatorRoleId }),
    ...(threadRoleId && { threadRoleId }),
    ...(userRoleId && { userRoleId }),
    ...(reachability !== undefined && { reachability }),
  }
}
