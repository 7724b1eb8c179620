import type { TextNews } from '../../domain/inbox-news.ts'
import type { EventFilter, Subscription } from '../../domain/subscription.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'

/** Attachments have ids that follow from their message's, as the message store spells them. */
const MAX_ATTACHMENTS = 100

/** What is told of a message store: how many texts came and how many changed. Null when none did. */
export function storeBody(filter: EventFilter, { extensionId }: Subscription, texts: TextNews[], now: Date) {
  const meant = texts.filter(text => filter.direction === null || (filter.direction === 'in') === text.isInbound)
  if (meant.length === 0) return null
  const added = new Map(meant.filter(text => text.isNew && !text.isDeleted).map(text => [text.messageId, text.born]))
  const updated = new Set(meant.map(text => text.messageId).filter(id => !added.has(id)))
  return {
    accountId: accountNumberOf(filter),
    extensionId,
    lastUpdated: formatIsoMilliseconds(now),
    changes: [
      {
        type: 'SMS',
        newCount: added.size,
        updatedCount: updated.size,
        ...(added.size > 0 && { newMessageIds: [...added.values()].map(String) }),
      },
    ],
  }
}

/** A text that came in, with all it says, so that nobody need ask for it. `origin` is where absolute URLs begin. */
export function instantBody(filter: EventFilter, subscription: Subscription, text: TextNews, origin: string) {
  const { born, person, number, queueName, createdAt, updatedAt } = text
  const { extensionId } = subscription
  const extension = `${origin}/restapi/v1.0/account/${accountNumberOf(filter)}/extension/${extensionId}`
  const content = `${extension}/message-store/${born}/content`
  const files = text.files.map(({ contentType, fileName, size }, at) => {
    const id = born * MAX_ATTACHMENTS + at
    const name = fileName ? { fileName } : {}
    return { id: String(id), uri: `${content}/${id}`, type: 'MmsAttachment', contentType, size, ...name }
  })
  return {
    id: String(born),
    to: [{ phoneNumber: number, name: queueName, target: true }],
    from: { phoneNumber: person },
    type: 'SMS',
    creationTime: formatIsoMilliseconds(createdAt),
    lastModifiedTime: formatIsoMilliseconds(updatedAt),
    readStatus: 'Unread',
    priority: 'Normal',
    attachments: [{ id: String(born), uri: `${content}/${born}`, type: 'Text', contentType: 'text/plain' }, ...files],
    direction: 'Inbound',
    availability: 'Alive',
    subject: text.body ?? '',
    messageStatus: 'Received',
    conversationId: String(text.conversationId),
  }
}

/** The filter has its ids spelled out. */
function accountNumberOf({ text }: EventFilter): number {
  return Number(/\/account\/([0-9]+)\//.exec(text)?.[1])
}
