import { smsSidOf } from '../../../core/sending/sms-sid.ts'
import { sid } from '../../../domain/ids.ts'
import { receiptId } from '../../../domain/receipt-id.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { Delivery, Message } from '../../../store/read/messages.ts'
import type { Place } from './conversation.ts'

export function idOfReceipt({ id, participantId, isOfGroup }: Delivery): string {
  return receiptId(id, participantId, isOfGroup)
}

/** Delivery receipt. Source: OpenAPI `conversations.v1.conversation.conversation_message.conversation_message_receipt`. */
export function receiptResource({ accountSid, base, namedService }: Place, message: Message, delivery: Delivery) {
  const conversationSid = sid('CH', message.threadId)
  const messageSid = sid('IM', message.id)
  const receiptSid = sid('DY', idOfReceipt(delivery))
  return {
    account_sid: accountSid,
    ...namedService,
    conversation_sid: conversationSid,
    sid: receiptSid,
    message_sid: messageSid,
    channel_message_sid: smsSidOf(delivery),
    participant_sid: sid('MB', delivery.participantId),
    status: statusOf(delivery.status),
    error_code: delivery.errorCode ?? 0,
    date_created: formatIsoSeconds(delivery.createdAt),
    date_updated: formatIsoSeconds(delivery.updatedAt),
    url: `${base}/Conversations/${conversationSid}/Messages/${messageSid}/Receipts/${receiptSid}`,
  }
}

/** Null while the text has not left. */
function statusOf(status: Delivery['status']) {
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'failed':
    case 'undelivered':
      return status
    case 'canceled':
      return 'failed'
    default:
      return null
  }
}
