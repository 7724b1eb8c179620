import { sid } from '../../../domain/ids.ts'
import { channelOf } from '../../../domain/phone-number.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { Participant } from '../../../store/read/participants.ts'
import type { Place } from './conversation.ts'

/** Participant. Source: OpenAPI `conversations.v1.conversation.conversation_participant`. */
export function participantResource({ accountSid, base, namedService }: Place, participant: Participant) {
  const conversationSid = sid('CH', participant.threadId)
  const participantSid = sid('MB', participant.id)
  return {
    account_sid: accountSid,
    ...namedService,
    conversation_sid: conversationSid,
    sid: participantSid,
    identity: participant.identity,
    attributes: participant.attributes,
    messaging_binding: bindingOf(participant),
    role_sid: participant.roleId && sid('RL', participant.roleId),
    date_created: formatIsoSeconds(participant.createdAt),
    date_updated: formatIsoSeconds(participant.updatedAt),
    url: `${base}/Conversations/${conversationSid}/Participants/${participantSid}`,
    last_read_message_index: participant.lastReadIndex,
    last_read_timestamp: participant.lastReadAt && formatIsoSeconds(participant.lastReadAt),
  }
}

/** How a participant is reached by text; null for one who is not. */
export function bindingOf({ kind, person, number }: Participant) {
  const type = channelOf(person ?? number ?? '')
  switch (kind) {
    case 'chat':
      return null
    case 'sms':
      return { type, address: person, proxy_address: number }
    case 'group':
      return { type, address: person }
    case 'projected':
      return { type, projected_address: number }
    default:
      return kind satisfies never
  }
}
