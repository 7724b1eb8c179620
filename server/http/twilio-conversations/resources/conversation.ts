import { laterBy } from '../../../domain/calendar.ts'
import { sid } from '../../../domain/ids.ts'
import type { Thread } from '../../../domain/thread.ts'
import { closesAt } from '../../../domain/thread-timers.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'

/** Where a resource is: whose it is and where URLs begin. */
export interface Place {
  accountSid: string
  base: string
  /** The service that the path names, which its resources then name too. */
  namedService?: { chat_service_sid: string }
}

/** Conversation. Source: OpenAPI `conversations.v1.conversation`. */
export function conversationResource({ accountSid, base }: Place, thread: Thread) {
  const conversationSid = sid('CH', thread.id)
  const url = `${base}/Conversations/${conversationSid}`
  return {
    sid: conversationSid,
    account_sid: accountSid,
    chat_service_sid: sid('IS', thread.serviceId),
    messaging_service_sid: messagingServiceSid(thread, accountSid),
    friendly_name: thread.friendlyName,
    unique_name: thread.uniqueName,
    attributes: thread.attributes,
    state: thread.state,
    date_created: formatIsoSeconds(thread.createdAt),
    date_updated: formatIsoSeconds(thread.updatedAt),
    timers: timersOf(thread),
    bindings: bindingsOf(thread),
    url,
    links: {
      participants: `${url}/Participants`,
      messages: `${url}/Messages`,
      webhooks: `${url}/Webhooks`,
      export: `${url}/Export`,
    },
  }
}

/** What a thread keeps for this dialect alone. */
export interface ConversationSettings extends Record<string, unknown> {
  /** UUID of the messaging service that was named when it was opened. */
  messagingServiceId?: string
  email?: { projected_address: string | null; name: string | null }
}

/** The service that was named, else the pool whose numbers the thread claimed, else the account's default one. */
function messagingServiceSid({ settings, poolId }: Thread, accountSid: string): string {
  const id = (settings as ConversationSettings | null)?.messagingServiceId ?? poolId
  return id ? sid('MG', id) : accountSid.replace(/^AC/, 'MG')
}

function bindingsOf({ settings }: Thread) {
  const email = (settings as ConversationSettings | null)?.email
  return email ? { email } : {}
}

/** When the timers are due, of those that run; of a closed thread those that ran last. */
export function timersOf(thread: Thread): { date_inactive?: string; date_closed?: string } {
  const { inactiveAfterMs, state, activeAt } = thread
  const inactive = inactiveAfterMs === null || state === 'inactive' ? null : laterBy(activeAt, inactiveAfterMs)
  const closes = closesAt({ ...thread, state: 'active' })
  return {
    ...(inactive && { date_inactive: formatIsoSeconds(inactive) }),
    ...(closes && { date_closed: formatIsoSeconds(closes) }),
  }
}
