import type { ParticipantDraft } from '../../core/threads/thread-book.ts'
import { MAX_FIRST_PARTICIPANTS } from '../../domain/thread-limits.ts'
import { Parameters } from '../twilio-parameters.ts'
import type { ConversationsApi } from './api.ts'
import { readNewConversation } from './conversation-requests.ts'
import { refuse } from './limits.ts'
import { readParticipant } from './participant-requests.ts'
import { conversationResource } from './resources/conversation.ts'

/** Opens a conversation with all its participants at once, or not at all. */
export function withParticipantsRoutes({ doors, inService }: ConversationsApi): void {
  inService('/ConversationWithParticipants', {
    async create(call) {
      const thread = readNewConversation(call.parameters, call.serviceId)
      const texts = call.parameters.list('Participant')
      if (texts.length > MAX_FIRST_PARTICIPANTS) {
        throw refuse(50422, `A conversation is created with at most ${MAX_FIRST_PARTICIPANTS} participants`)
      }
      const participants = texts.map(readFirstParticipant)
      const opened = await doors.open(call.accountId, { thread, participants, cause: call.cause })
      const { links, ...resource } = conversationResource(call, opened.thread)
      const { participants: all, messages, webhooks } = links
      return { ...resource, links: { participants: all, messages, webhooks } }
    },
  })
}

/** The JSON keys of a participant, by the parameter that says the same. */
const KEYS: Record<string, string> = {
  identity: 'Identity',
  attributes: 'Attributes',
  role_sid: 'RoleSid',
  date_created: 'DateCreated',
  date_updated: 'DateUpdated',
}
const BINDING_KEYS: Record<string, string> = {
  address: 'MessagingBinding.Address',
  proxy_address: 'MessagingBinding.ProxyAddress',
  projected_address: 'MessagingBinding.ProjectedAddress',
}

function readFirstParticipant(text: string): ParticipantDraft {
  const given = parseObject(text)
  const named = [
    ...Object.entries(KEYS).map(([key, name]) => [name, given[key]] as const),
    ...Object.entries(BINDING_KEYS).map(([key, name]) => [name, bindingOf(given)[key]] as const),
  ]
  return readParticipant(
    new Parameters(Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null))),
  )
}

function bindingOf({ messaging_binding: binding }: Record<string, unknown>): Record<string, unknown> {
  return typeof binding === 'object' && binding !== null ? { ...binding } : {}
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  } catch {
    // Refused below, like all that is no object.
  }
  throw refuse(20001, `Invalid Participant: ${text}`)
}
