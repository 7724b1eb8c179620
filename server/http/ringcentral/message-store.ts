import { Readable } from 'node:stream'
import { changeLegacyMessage, deleteLegacyMessages, type LegacyChange } from '../../core/inbox/legacy-messages.ts'
import { findLegacyMessage, type LegacyMessage, listLegacyMessages } from '../../store/read/legacy-messages.ts'
import { readMediaBytes } from '../../store/read/media.ts'
import { objectOf } from './bodies.ts'
import { sendFile } from './content.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { invalidParameter, notFound } from './errors.ts'
import { fileAt, legacyMessageResource } from './legacy-resources.ts'
import { EXTENSION, filterOf, messageIdOf, storeOf } from './legacy-store.ts'
import { olderPageOf } from './paging.ts'

const STORE = `${EXTENSION}/message-store`
const DAY_MS = 86_400_000
/** Messages deleted at once. Source: RingCentral, "Delete Messages". */
const MAX_DELETED = 100

/** The older message store: the texts of the queues that a user handles, each with whether he has read it. */
export function messageStoreRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect
  const reads = { scope: 'ReadMessages', group: 'light' } as const
  const edits = { scope: 'EditMessages', group: 'medium' } as const

  dialect.operation('GET', STORE, {
    ...reads,
    async run(call) {
      const { caller, query } = call
      const store = await storeOf(dialect, call)
      const { storeUri } = store
      const asked = query.page()
      const to = query.date('dateTo')
      const from = query.date('dateFrom') ?? new Date((to ?? core.clock.world()).getTime() - DAY_MS)
      const filter = { ...filterOf(query, store, caller.userId), from, to }
      const page = await listLegacyMessages(core.db, caller.accountId, filter, asked)
      return olderPageOf(storeUri, page, query, message => legacyMessageResource(message, storeUri))
    },
  })

  dialect.operation('GET', `${STORE}/:messageId`, { ...reads, run: call => shown(dialect, call) })

  for (const method of ['PUT', 'PATCH'] as const) {
    dialect.operation(method, `${STORE}/:messageId`, {
      ...edits,
      async run(call) {
        await getMessage(dialect, call)
        const id = messageIdOf(call.path)
        await changeLegacyMessage(core, call.caller.accountId, { id, by: call.caller.userId, ...changeOf(call.body) })
        return shown(dialect, call)
      },
    })
  }

  dialect.operation('DELETE', `${STORE}/:messageId`, {
    ...edits,
    status: 204,
    async run(call) {
      const { caller, path, query } = call
      await storeOf(dialect, call)
      const ids = deletedIds(path, call.body)
      await deleteLegacyMessages(core, caller.accountId, { ids, by: caller.userId, purges: query.flag('purge') })
    },
  })

  dialect.operation('GET', `${STORE}/:messageId/content/:attachmentId`, {
    ...reads,
    async run(call) {
      const { attachmentId = '' } = call.path
      const { message } = await getMessage(dialect, call)
      const at = /^[0-9]{1,15}$/.test(attachmentId) ? fileAt(message.born, Number(attachmentId)) : undefined
      if (at === undefined || message.isDeleted) throw notFound('attachmentId', attachmentId)
      if (at === null) return call.reply.type('text/plain; charset=utf-8').send(message.body ?? '')
      const file = message.media?.[at]
      if (!file) throw notFound('attachmentId', attachmentId)
      return sendFile(call, file, Readable.from(readMediaBytes(core.db, call.caller.accountId, file.id)))
    },
  })
}

/** Ids are in the path, separated by commas, or in the body when the path says `*`. */
function deletedIds({ messageId = '' }: Record<string, string>, body: unknown): number[] {
  const ids = messageId === '*' ? body : messageId.split(',')
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > MAX_DELETED) throw invalidParameter('messageId', messageId)
  return [...new Set(ids.map(id => messageIdOf({ messageId: String(id) })))]
}

async function getMessage(
  dialect: RingCentralDialect,
  call: Call,
): Promise<{ message: LegacyMessage; storeUri: string }> {
  const { caller, path } = call
  const { queueIds, storeUri } = await storeOf(dialect, call)
  const born = messageIdOf(path)
  const { accountId, userId } = caller
  const message = await findLegacyMessage(dialect.core.db, accountId, { userId, queueIds, born })
  if (!message) throw notFound('messageId', String(born))
  return { message, storeUri }
}

async function shown(dialect: RingCentralDialect, call: Call) {
  const { message, storeUri } = await getMessage(dialect, call)
  return legacyMessageResource(message, storeUri)
}

const AVAILABILITY = { Alive: 'alive', Deleted: 'deleted', Purged: 'purged' } as const

/** `{readStatus?, availability?}`, at least one. */
function changeOf(body: unknown): Pick<LegacyChange, 'isRead' | 'availability'> {
  const { readStatus, availability } = objectOf(body)
  if (readStatus === undefined && availability === undefined) throw invalidParameter('readStatus', undefined)
  if (readStatus !== undefined && readStatus !== 'Read' && readStatus !== 'Unread') {
    throw invalidParameter('readStatus', readStatus)
  }
  if (
    availability !== undefined &&
    availability !== 'Alive' &&
    availability !== 'Deleted' &&
    availability !== 'Purged'
  ) {
    throw invalidParameter('availability', availability)
  }
  return {
    ...(readStatus !== undefined && { isRead: readStatus === 'Read' }),
    ...(availability !== undefined && { availability: AVAILABILITY[availability] }),
  }
}
