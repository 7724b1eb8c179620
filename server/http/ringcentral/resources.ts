import type { QueueKind } from '../../domain/queue.ts'
import type { SmsStatus } from '../../domain/sms.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { InboxHint } from '../../store/read/inbox-hints.ts'
import type { InboxMessage } from '../../store/read/inbox-messages.ts'
import type { InboxNote } from '../../store/read/inbox-notes.ts'
import type { InboxUser } from '../../store/read/inbox-parts.ts'
import type { InboxThread } from '../../store/read/inbox-threads.ts'
import { deliveryError } from './delivery-errors.ts'

/** How RingCentral names what owns numbers. The main site is the company's own extension. */
export const OWNER_TYPES = { queue: 'Department', site: 'Site', main_site: 'Site' } as const satisfies Record<
  QueueKind,
  string
>

/** A thread; what it has not is left out. `previousThreadId` is ours, and only where the queue links threads. */
export function threadResource(thread: InboxThread) {
  const isOpen = thread.state !== 'closed'
  return {
    id: thread.id,
    status: isOpen ? 'Open' : 'Resolved',
    ...(isOpen ? {} : { statusReason: statusReason(thread.closedReason) }),
    availability: availability(thread.deletedAt !== null),
    owner: {
      extensionId: thread.owner.extensionId,
      name: thread.owner.name,
      extensionType: OWNER_TYPES[thread.owner.kind],
    },
    ...(thread.number ? { ownerParty: { phoneNumber: thread.number } } : {}),
    ...(thread.person ? { guestParty: { phoneNumber: thread.person } } : {}),
    ...(thread.assignee ? { assignee: userResource(thread.assignee) } : {}),
    ...(thread.label && !thread.deletedAt ? { label: thread.label } : {}),
    ...(thread.previousThreadId ? { previousThreadId: thread.previousThreadId } : {}),
    creationTime: formatIsoMilliseconds(thread.createdAt),
    lastModifiedTime: formatIsoMilliseconds(thread.updatedAt),
  }
}

/** Other dialects close threads for reasons of their own. */
function statusReason(reason: string | null): string {
  switch (reason) {
    case 'thread_expired':
    case 'timer':
      return 'ThreadExpired'
    case 'owner_deleted':
      return 'OwnerDeleted'
    case 'owner_number_deleted':
      return 'OwnerPhoneNumberDeleted'
    default:
      return 'Manual'
  }
}

/** ThreadUser. */
export function userResource({ extensionId, name }: InboxUser) {
  return { extensionId, name, extensionType: 'User' }
}

/** ThreadMessage. `messagesUri` is where the account's thread messages are. */
export function messageResource(message: InboxMessage, messagesUri: string) {
  return {
    id: String(message.born),
    threadId: message.threadId,
    availability: availability(message.isDeleted),
    creationTime: formatIsoMilliseconds(message.createdAt),
    lastModifiedTime: formatIsoMilliseconds(message.updatedAt),
    direction: message.isInbound ? 'Inbound' : 'Outbound',
    messageStatus: message.isInbound ? 'Received' : messageStatus(message.status),
    ...(message.isDeleted ? {} : contentOf(message, messagesUri)),
    ...(message.errorCode === null ? {} : { errorCode: deliveryError(message.errorCode) }),
  }
}

function contentOf({ born, body, media, author }: InboxMessage, messagesUri: string) {
  const attachments = (media ?? []).map(file => ({
    id: file.id,
    contentType: file.contentType,
    ...(file.fileName ? { filename: file.fileName } : {}),
    contentUri: `${messagesUri}/${born}/content/${file.id}`,
    size: file.size,
  }))
  return {
    ...(body ? { text: body } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(author ? { author: userResource(author) } : {}),
  }
}

/** Whether a text of unknown fate was sent can't be told; its carrier most likely has it. */
export function messageStatus(status: SmsStatus | null): string {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
      return 'Queued'
    case 'unknown':
    case 'sent':
      return 'Sent'
    case 'delivered':
    case 'read':
    case 'received':
      return 'Delivered'
    case 'undelivered':
      return 'DeliveryFailed'
    case 'failed':
    case 'canceled':
    case null:
      return 'SendingFailed'
    default:
      return status satisfies never
  }
}

/** ThreadNote. */
export function noteResource(note: InboxNote) {
  return {
    id: note.id,
    threadId: note.threadId,
    availability: availability(note.isDeleted),
    creationTime: formatIsoMilliseconds(note.createdAt),
    lastModifiedTime: formatIsoMilliseconds(note.updatedAt),
    ...(note.isDeleted ? {} : { text: note.text }),
    ...(note.author ? { author: userResource(note.author) } : {}),
  }
}

function availability(isDeleted: boolean): 'Alive' | 'Deleted' {
  return isDeleted ? 'Deleted' : 'Alive'
}

/** The entries of a sync: what is deleted keeps only where it was. */
export function messageEntry(message: InboxMessage, messagesUri: string) {
  if (message.isDeleted) return gone('DeletedMessage', String(message.born), message)
  return { recordType: 'AliveMessage', ...messageResource(message, messagesUri) }
}

export function noteEntry(note: InboxNote) {
  if (note.isDeleted) return gone('DeletedNote', note.id, note)
  return { recordType: 'AliveNote', ...noteResource(note) }
}

function gone(recordType: string, id: string, { threadId, updatedAt }: { threadId: string; updatedAt: Date }) {
  return { recordType, id, threadId, availability: 'Deleted', lastModifiedTime: formatIsoMilliseconds(updatedAt) }
}

const HINT_TYPES = {
  created: 'ThreadCreatedHint',
  assigned: 'ThreadAssignedHint',
  resolved: 'ThreadResolvedHint',
  deleted: 'ThreadDeletedHint',
} as const satisfies Record<InboxHint['kind'], string>

export function hintEntry(hint: InboxHint) {
  const isAssignment = hint.kind === 'assigned'
  return {
    recordType: HINT_TYPES[hint.kind],
    id: hint.id,
    threadId: hint.threadId,
    lastModifiedTime: formatIsoMilliseconds(hint.at),
    ...(hint.initiator ? { initiator: userResource(hint.initiator) } : {}),
    ...(isAssignment && hint.assignee ? { assignee: userResource(hint.assignee) } : {}),
    ...(isAssignment && hint.previous ? { previousAssignee: userResource(hint.previous) } : {}),
  }
}
