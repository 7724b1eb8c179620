import { sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { Participation } from '../../../store/read/participations.ts'
import type { User } from '../../../store/read/users.ts'
import { type Place, timersOf } from './conversation.ts'
import { bindingOf } from './participant.ts'

/** Where somebody takes part. Source: OpenAPI `conversations.v1.participant_conversation`. */
export function participantConversationResource(place: Place, { participant, thread, userId }: Participation) {
  return {
    account_sid: place.accountSid,
    chat_service_sid: sid('IS', thread.serviceId),
    participant_sid: sid('MB', participant.id),
    participant_user_sid: userId && sid('US', userId),
    participant_identity: participant.identity,
    participant_messaging_binding: fullBindingOf(participant),
    conversation_sid: sid('CH', thread.id),
    conversation_unique_name: thread.uniqueName,
    conversation_friendly_name: thread.friendlyName,
    conversation_attributes: thread.attributes,
    conversation_date_created: formatIsoSeconds(thread.createdAt),
    conversation_date_updated: formatIsoSeconds(thread.updatedAt),
    conversation_created_by: thread.createdBy,
    conversation_state: thread.state,
    conversation_timers: timersOf(thread),
    links: linksOf(place, { participant, thread }),
  }
}

/** Where a user takes part. Source: OpenAPI `conversations.v1.user.user_conversation`. */
export function userConversationResource(place: Place, user: User, { participant, thread, unread }: Participation) {
  return {
    account_sid: place.accountSid,
    chat_service_sid: sid('IS', thread.serviceId),
    conversation_sid: sid('CH', thread.id),
    unread_messages_count: unread === null ? null : Math.max(0, unread),
    last_read_message_index: participant.lastReadIndex,
    participant_sid: sid('MB', participant.id),
    user_sid: sid('US', user.id),
    friendly_name: thread.friendlyName,
    conversation_state: thread.state,
    timers: timersOf(thread),
    attributes: thread.attributes,
    date_created: formatIsoSeconds(thread.createdAt),
    date_updated: formatIsoSeconds(thread.updatedAt),
    created_by: thread.createdBy,
    notification_level: participant.notificationLevel,
    unique_name: thread.uniqueName,
    url: `${place.base}/Users/${sid('US', user.id)}/Conversations/${sid('CH', thread.id)}`,
    links: linksOf(place, { participant, thread }),
  }
}

/** In this list a binding has all its keys. */
function fullBindingOf(participant: Participation['participant']) {
  const binding = bindingOf(participant)
  if (!binding) return null
  return { address: null, proxy_address: null, projected_address: null, name: null, level: null, ...binding }
}

function linksOf({ base }: Place, { participant, thread }: Pick<Participation, 'participant' | 'thread'>) {
  const conversation = `${base}/Conversations/${sid('CH', thread.id)}`
  return { participant: `${conversation}/Participants/${sid('MB', participant.id)}`, conversation }
}
