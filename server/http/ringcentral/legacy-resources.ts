import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { LegacyMessage } from '../../store/read/legacy-messages.ts'
import { deliveryError } from './delivery-errors.ts'
import { messageStatus, OWNER_TYPES } from './resources.ts'

/** Attachments of a message have ids that follow from its own: none has more. */
const MAX_ATTACHMENTS = 100

/** A message of the older store. `storeUri` is the message store of the extension. */
export function legacyMessageResource(message: LegacyMessage, storeUri: string) {
  const { born, isInbound, person, number, owner, conversationId } = message
  const guest = { phoneNumber: person }
  const ours = { phoneNumber: number, name: owner.name }
  const status = isInbound ? 'Received' : messageStatus(message.status)
  return {
    id: born,
    uri: `${storeUri}/${born}`,
    to: [isInbound ? ours : { ...guest, messageStatus: status }],
    from: isInbound ? guest : ours,
    type: 'SMS',
    creationTime: formatIsoMilliseconds(message.createdAt),
    lastModifiedTime: formatIsoMilliseconds(later(message.updatedAt, message.readAt)),
    readStatus: message.isRead ? 'Read' : 'Unread',
    priority: 'Normal',
    attachments: message.isDeleted ? [] : attachmentsOf(message, storeUri),
    direction: isInbound ? 'Inbound' : 'Outbound',
    availability: message.isPurged ? 'Purged' : message.isDeleted ? 'Deleted' : 'Alive',
    ...(message.isDeleted ? {} : { subject: message.body ?? '' }),
    messageStatus: status,
    ...(isInbound ? {} : { smsSendingAttemptsCount: 1 }),
    ...(message.errorCode === null ? {} : { deliveryErrorCode: deliveryError(message.errorCode) }),
    conversationId,
    conversation: { id: String(conversationId), uri: `${storeUri}?conversationId=${conversationId}` },
    owner: { extensionId: owner.extensionId, name: owner.name, extensionType: OWNER_TYPES[owner.kind] },
  }
}

function later(a: Date, b: Date | null): Date {
  return b && b > a ? b : a
}

/** The text itself is an attachment too, under the message's own id. */
function attachmentsOf({ born, media }: LegacyMessage, storeUri: string) {
  const text = { id: born, uri: `${storeUri}/${born}/content/${born}`, type: 'Text', contentType: 'text/plain' }
  const files = (media ?? []).map(({ contentType, fileName, size }, at) => ({
    id: attachmentId(born, at),
    uri: `${storeUri}/${born}/content/${attachmentId(born, at)}`,
    type: 'MmsAttachment',
    contentType,
    size,
    ...(fileName ? { fileName } : {}),
  }))
  return [text, ...files]
}

function attachmentId(born: number, at: number): number {
  return born * MAX_ATTACHMENTS + at
}

/** Which file of the message the id of an attachment means; null for the text, undefined when it is none of its own. */
export function fileAt(born: number, id: number): number | null | undefined {
  if (id === born) return null
  const at = id - born * MAX_ATTACHMENTS
  return at >= 0 && at < MAX_ATTACHMENTS ? at : undefined
}
