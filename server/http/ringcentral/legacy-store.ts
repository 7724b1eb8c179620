import type { HandledQueueRow } from '../../store/read/inbox-extensions.ts'
import type { LegacyAvailability, LegacyFilter } from '../../store/read/legacy-messages.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { notFound, RingCentralError } from './errors.ts'
import { getExtension } from './extensions.ts'
import type { Query } from './parameters.ts'

export const EXTENSION = '/v1.0/account/:accountId/extension/:extensionId'

/** The message store that a path names. */
export interface LegacyStore {
  queueIds: string[]
  queues: HandledQueueRow[]
  /** `{account}/extension/{id}`. */
  extensionUri: string
  /** `{account}/extension/{id}/message-store`. */
  storeUri: string
}

/**
 * The store of the path's extension: the caller's own holds the texts of all queues that he handles, a queue's its own.
 * Refuses 404 for an extension that is not there and 403 for another's.
 */
export async function storeOf(dialect: RingCentralDialect, { caller, path, accountUri }: Call): Promise<LegacyStore> {
  const extension = await getExtension(dialect, caller, path.extensionId ?? '')
  const handled = await dialect.queuesOf(caller)
  const queues = extension.kind === 'user' ? handled : handled.filter(({ queueId }) => queueId === extension.ownerId)
  const isOwn = extension.kind === 'user' ? extension.ownerId === caller.userId : queues.length > 0
  if (!isOwn) throw new RingCentralError(403, 'CMN-419', 'In order to call this API endpoint, use your own extension')
  const extensionUri = `${accountUri}/extension/${extension.id}`
  const queueIds = queues.map(({ queueId }) => queueId)
  return { queueIds, queues, extensionUri, storeUri: `${extensionUri}/message-store` }
}

/** The decimal id of the path's message. Refuses 404. */
export function messageIdOf({ messageId = '' }: Record<string, string>): number {
  if (!/^[0-9]{1,15}$/.test(messageId)) throw notFound('messageId', messageId)
  return Number(messageId)
}

const TYPES = ['Fax', 'SMS', 'VoiceMail', 'Pager', 'Text'] as const
const AVAILABILITY = { Alive: 'alive', Deleted: 'deleted', Purged: 'purged' } as const

/** What a list or sync asks for; a time window is not among it. */
export function filterOf(query: Query, { queues }: LegacyStore, userId: string): Omit<LegacyFilter, 'from' | 'to'> {
  const types = query.manyOf('messageType', TYPES)
  const directions = query.manyOf('direction', ['Inbound', 'Outbound'])
  const read = query.manyOf('readStatus', ['Read', 'Unread'])
  const conversationId = query.decimals('conversationId')?.[0]
  const isSms = types.length === 0 || types.includes('SMS') || types.includes('Text')
  return {
    userId,
    queueIds: isSms ? ownersOf(query, queues) : [],
    availability: availabilityOf(query),
    isInbound: directions.length === 1 ? directions[0] === 'Inbound' : null,
    isRead: read.length === 1 ? read[0] === 'Read' : null,
    conversationId: conversationId === undefined ? null : Number(conversationId),
    phoneNumber: query.phoneNumber('phoneNumber'),
    isDistinct: query.flag('distinctConversations'),
  }
}

/** Numbers belong to queues here, so nobody has texts of his own: unless owners are named, all are meant. */
function ownersOf(query: Query, queues: HandledQueueRow[]): string[] {
  const asked = query.all('owner')
  const isMeant = ({ extensionId }: HandledQueueRow) =>
    asked.length === 0 || asked.includes('Any') || asked.includes('Shared') || asked.includes(extensionId)
  return queues.filter(isMeant).map(({ queueId }) => queueId)
}

function availabilityOf(query: Query): LegacyAvailability[] {
  const asked = query.manyOf('availability', ['Alive', 'Deleted', 'Purged'] as const)
  return asked.length > 0 ? asked.map(each => AVAILABILITY[each]) : ['alive']
}
