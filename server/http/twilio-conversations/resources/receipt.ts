import { smsSidOf } from '../../../core/sms-sid.ts'
import { recipientIdsOf } from '../../../core/threads/fan-out.ts'
import { sid } from '../../../domain/ids.ts'
import { receiptId } from '../../../domain/receipt-id.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { Message, TextOfMessage } from '../../../store/read/messages.ts'
import type { Place } from './conversation.ts'

/** One recipient's receipt of a message. */
export interface Receipt {
  id: string
  participantId: string
  text: TextOfMessage
}

/** The receipts of a message, in order: one for every recipient of each of its texts. */
export function receiptsOf(texts: TextOfMessage[]): Receipt[] {
  return texts.flatMap(text => {
    const isGroup = text.settings?.recipientIds !== undefined
    return recipientIdsOf(text).map(participantId => ({
      id: receiptId(text.id, participantId, isGroup),
      participantId,
      text,
    }))
  })
}

/** Delivery receipt. Source: OpenAPI `conversations.v1.conversation.conversation_message.conversation_message_receipt`. */
export function receiptResource(
  { accountSid, base, namedService }: Place,
  message: Message,
  { id, participantId, text }: Receipt,
) {
  const conversationSid = sid('CH', message.threadId)
  const messageSid = sid('IM', message.id)
  const receiptSid = sid('DY', id)
  return {
    account_sid: accountSid,
    ...namedService,
    conversation_sid: conversationSid,
    sid: receiptSid,
    message_sid: messageSid,
    channel_message_sid: smsSidOf(text),
    participant_sid: sid('MB', participantId),
    status: statusOf(text.status),
    error_code: text.errorCode ?? 0,
    date_created: formatIsoSeconds(text.createdAt),
    date_updated: formatIsoSeconds(text.updatedAt),
    url: `${base}/Conversations/${conversationSid}/Messages/${messageSid}/Receipts/${receiptSid}`,
  }
}

/** Null while the text has not left. */
function statusOf(status: TextOfMessage['status']) {
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
