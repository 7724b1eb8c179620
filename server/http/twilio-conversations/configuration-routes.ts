import { changeAccountSettings } from '../../core/accounts/change-account-settings.ts'
import { type AccountSettings, findAccountSettings } from '../../store/read/services.ts'
import type { Parameters } from '../twilio-parameters.ts'
import type { ConversationsApi, ServiceCall } from './api.ts'
import { readDefaultTimers } from './conversation-requests.ts'
import { readSid } from './limits.ts'
import { configurationResource } from './resources/configuration.ts'

/** What holds for all conversations of an account. */
export function configurationRoutes({ core, services, inAccount }: ConversationsApi): void {
  inAccount('/Configuration', {
    async fetch(call) {
      return spell(call, await findAccountSettings(core.db, call.accountId), call.serviceId)
    },
    async update(call) {
      const changed = await changeAccountSettings(core, call.accountId, readSettings(call.parameters))
      services.forget(call.accountId)
      return spell(call, changed, await services.idOf(call.accountId))
    },
  })
}

function spell(call: ServiceCall, settings: AccountSettings, serviceId: string) {
  return configurationResource(call, { serviceId, poolId: settings.defaultPoolId ?? call.accountId, settings })
}

function readSettings(parameters: Parameters): AccountSettings {
  const defaultServiceId = readSid(parameters, 'DefaultChatServiceSid', 'IS')
  const defaultPoolId = readSid(parameters, 'DefaultMessagingServiceSid', 'MG', 50341)
  const { inactive, closed } = readDefaultTimers(parameters)
  return {
    ...(defaultServiceId && { defaultServiceId }),
    ...(defaultPoolId && { defaultPoolId }),
    ...(inactive !== undefined && { defaultInactiveAfterMs: inactive }),
    ...(closed !== undefined && { defaultClosesAfterMs: closed }),
  }
}
