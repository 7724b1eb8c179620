import { sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { DeliveryCounts, MessageRecord } from '../../../store/read/messages.ts'
import type { Place } from './conversation.ts'

/** Message. Source: OpenAPI `conversations.v1.conversation.conversation_message`. */
export function messageResource({ accountSid, base, namedService }: Place, message: MessageRecord) {
  const conversationSid = sid('CH', message.threadId)
  const messageSid = sid('IM', message.id)
  const url = `${base}/Conversations/${conversationSid}/Messages/${messageSid}`
  return {
    sid: messageSid,
    account_sid: accountSid,
    ...namedService,
    conversation_sid: conversationSid,
    index: message.index,
    author: message.author,
    body: message.body,
    media: mediaOf(message),
    attributes: message.attributes,
    participant_sid: message.participantId && sid('MB', message.participantId),
    date_created: formatIsoSeconds(message.createdAt),
    date_updated: formatIsoSeconds(message.updatedAt),
    delivery: deliveryOf(message.delivery),
    content_sid: typeof message.settings?.contentSid === 'string' ? message.settings.contentSid : null,
    url,
    links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
  }
}

function mediaOf({ media }: MessageRecord) {
  if (!media || media.length === 0) return null
  return media.map(file => ({
    sid: sid('ME', file.id),
    size: file.size,
    content_type: file.contentType,
    filename: file.fileName,
    category: 'media',
  }))
}

/** Which statuses say that a text has come at least so far. */
const REACHED = {
  sent: ['sent', 'delivered', 'read', 'undelivered'],
  delivered: ['delivered', 'read'],
  read: ['read'],
  failed: ['failed', 'canceled'],
  undelivered: ['undelivered'],
} as const

/** How many of the recipients have been reached so far; null for a message that no text carries. */
function deliveryOf(counts: DeliveryCounts | null) {
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0)
  if (!counts || total === 0) return null
  const share = (statuses: readonly (keyof DeliveryCounts)[]) => {
    const reached = statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0)
    return reached === 0 ? 'none' : reached === total ? 'all' : 'some'
  }
  return {
    total,
    sent: share(REACHED.sent),
    delivered: share(REACHED.delivered),
    read: share(REACHED.read),
    failed: share(REACHED.failed),
    undelivered: share(REACHED.undelivered),
  }
}
