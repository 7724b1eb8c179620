import { deleteMessages } from '../../core/inbox/delete-messages.ts'
import { sendFromQueue } from '../../core/inbox/send-from-queue.ts'
import type { InboxMessage } from '../../store/read/inbox-messages.ts'
import { findInboxMessage, listInboxMessages } from '../../store/read/inbox-messages.ts'
import { idsOf, objectOf } from './bodies.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { notFound } from './errors.ts'
import { listOf } from './paging.ts'
import type { Query } from './parameters.ts'
import { messageResource } from './resources.ts'
import { readSendRequest } from './send-request.ts'
import { isOpen, queueIdsOf } from './threads.ts'

export const MESSAGES = '/v1.0/account/:accountId/message-threads/messages'
/** Messages deleted at once. */
const MAX_DELETED = 100
/** The whole body of a message that is sent. */
export const MAX_BODY_BYTES = 10_000_000
const DAY_MS = 86_400_000

/** Messages of threads: list, send, delete. */
export function messageRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect
  const access = { scope: 'SMS', group: 'medium' } as const

  dialect.operation('GET', MESSAGES, {
    ...access,
    async run(call) {
      const { caller, query } = call
      const asked = query.page()
      const threadIds = query.uuids('threadIds')
      const messageIds = query.decimals('messageIds')
      const page = await listInboxMessages(
        core.db,
        caller.accountId,
        {
          queueIds: await queueIdsOf(dialect, caller, query.decimals('ownerExtensionIds')),
          threadIds,
          ids: messageIds?.map(Number) ?? null,
          isThreadOpen: isOpen(query.oneOf('threadStatus', ['Open', 'Resolved'])),
          availability: query.availability(),
          ...windowOf(query, threadIds !== null || messageIds !== null, core.clock.world()),
        },
        asked,
      )
      return listOf(page, asked, message => messageResource(message, messagesUriOf(call)))
    },
  })

  dialect.operation('POST', MESSAGES, {
    ...access,
    status: 201,
    bodyLimit: MAX_BODY_BYTES,
    async run(call) {
      const { caller } = call
      const { from, to, text, threadId, files } = await readSendRequest(call.request)
      const sent = { by: caller.userId, number: from, persons: to, text, files, threadId }
      const [first = 0] = await sendFromQueue(core, caller.accountId, sent)
      const message = await shownMessage(dialect, call, first)
      return { recordType: 'AliveMessage', ...messageResource(message, messagesUriOf(call)) }
    },
  })

  dialect.operation('DELETE', MESSAGES, {
    ...access,
    status: 204,
    async run({ caller, body }) {
      const ids = idsOf(objectOf(body), 'ids', MAX_DELETED, id => /^[0-9]{1,15}$/.test(id)).map(Number)
      await deleteMessages(core, caller.accountId, { ids, by: caller.userId })
    },
  })
}

export function messagesUriOf({ accountUri }: Call): string {
  return `${accountUri}/message-threads/messages`
}

/** Without a thread or message in mind, the last day. A start without an end runs to now. */
function windowOf(query: Query, isNamed: boolean, now: Date): { from: Date | null; to: Date | null } {
  const from = query.date('creationTimeFrom')
  const to = query.date('creationTimeTo')
  if (isNamed || from) return { from, to }
  return { from: new Date((to ?? now).getTime() - DAY_MS), to }
}

async function shownMessage(dialect: RingCentralDialect, { caller }: Call, born: number): Promise<InboxMessage> {
  const message = await findInboxMessage(dialect.core.db, caller.accountId, born)
  if (!message) throw notFound('messageId', String(born))
  return message
}
