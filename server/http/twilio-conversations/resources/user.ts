import { sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { User } from '../../../store/read/users.ts'
import type { Place } from './conversation.ts'

/** User. Source: OpenAPI `conversations.v1.user`. Whether one is online is known where reachability is on. */
export function userResource({ accountSid, base }: Place, user: User) {
  const userSid = sid('US', user.id)
  const url = `${base}/Users/${userSid}`
  return {
    sid: userSid,
    account_sid: accountSid,
    chat_service_sid: sid('IS', user.serviceId),
    role_sid: user.roleId && sid('RL', user.roleId),
    identity: user.identity,
    friendly_name: user.friendlyName,
    attributes: user.attributes,
    is_online: null,
    is_notifiable: null,
    date_created: formatIsoSeconds(user.createdAt),
    date_updated: formatIsoSeconds(user.updatedAt),
    url,
    links: { user_conversations: `${url}/Conversations` },
  }
}
