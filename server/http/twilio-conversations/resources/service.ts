import { sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { Role } from '../../../store/read/roles.ts'
import type { Service } from '../../../store/read/services.ts'
import type { Place } from './conversation.ts'

/** Service. Source: OpenAPI `conversations.v1.service`. `base` is without a service. */
export function serviceResource({ accountSid, base }: Place, service: Service) {
  const serviceSid = sid('IS', service.id)
  const url = `${base}/Services/${serviceSid}`
  return {
    sid: serviceSid,
    account_sid: accountSid,
    friendly_name: service.friendlyName,
    date_created: formatIsoSeconds(service.createdAt),
    date_updated: formatIsoSeconds(service.updatedAt),
    url,
    links: {
      conversations: `${url}/Conversations`,
      users: `${url}/Users`,
      roles: `${url}/Roles`,
      bindings: `${url}/Bindings`,
      configuration: `${url}/Configuration`,
      participant_conversations: `${url}/ParticipantConversations`,
      conversation_with_participants: `${url}/ConversationWithParticipants`,
    },
  }
}

/** What is set for a service. Source: OpenAPI `conversations.v1.service.service_configuration`. */
export function serviceConfigurationResource({ base }: Place, { id, settings }: Service) {
  const serviceSid = sid('IS', id)
  const url = `${base}/Services/${serviceSid}/Configuration`
  const roleSid = (roleId: string | undefined) => (roleId ? sid('RL', roleId) : null)
  return {
    chat_service_sid: serviceSid,
    default_conversation_creator_role_sid: roleSid(settings.creatorRoleId),
    default_conversation_role_sid: roleSid(settings.threadRoleId),
    default_chat_service_role_sid: roleSid(settings.userRoleId),
    reachability_enabled: settings.reachability ?? false,
    url,
    links: { notifications: `${url}/Notifications`, webhooks: `${url}/Webhooks` },
  }
}

/** Role. Source: OpenAPI `conversations.v1.role`. */
export function roleResource({ accountSid, base }: Place, role: Role) {
  const roleSid = sid('RL', role.id)
  return {
    sid: roleSid,
    account_sid: accountSid,
    chat_service_sid: sid('IS', role.serviceId),
    friendly_name: role.friendlyName,
    type: role.kind,
    permissions: role.permissions,
    date_created: formatIsoSeconds(role.createdAt),
    date_updated: formatIsoSeconds(role.updatedAt),
    url: `${base}/Roles/${roleSid}`,
  }
}
