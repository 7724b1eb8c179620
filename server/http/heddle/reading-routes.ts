import { markRead } from '../../core/inbox/readings.ts'
import { Refusal } from '../../domain/refusal.ts'
import { listHistory } from '../../store/read/inbox-history.ts'
import { findInboxThread } from '../../store/read/inbox-threads.ts'
import { listUnreadThreads } from '../../store/read/inbox-unread.ts'
import type { HeddleApi } from './api.ts'
import { getUser } from './inbox-asked.ts'
import {
  History,
  HistoryAsked,
  InboxThreadPath,
  Marked,
  MarkRead,
  Unread,
  UnreadAsked,
  UserPath,
  UserThreadPath,
} from './inbox-schemas.ts'
import { threadIdOf } from './thread-requests.ts'

const DEFAULT_THREADS = 100
const DEFAULT_PAGE = 50

/** What handlers have not read, and the history of a queue's thread through those it is linked to. */
export function readingRoutes({ app, core, account }: HeddleApi): void {
  app.get(
    '/v1/users/:user/unread',
    {
      schema: {
        summary: 'Count what a handler has not read in open threads of queues that count',
        params: UserPath,
        querystring: UnreadAsked,
        response: { 200: Unread },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { assigned, limit = DEFAULT_THREADS } = request.query
      const user = await getUser(core.db, accountId, request.params.user)
      const all = await listUnreadThreads(core.db, accountId, user.id)
      const asked = all.filter(
        ({ assigneeId }) =>
          assigned === undefined || (assigned === 'me' ? assigneeId === user.id : assigneeId === null),
      )
      return {
        total: asked.reduce((sum, { unread }) => sum + unread, 0),
        threads: asked.length,
        records: asked.slice(0, limit).map(({ readIndex, activeAt, ...thread }) => ({
          ...thread,
          readIndex: shownIndex(readIndex),
          activeAt: activeAt.toISOString(),
        })),
      }
    },
  )

  app.put(
    '/v1/users/:user/threads/:thread/read',
    {
      schema: {
        summary: 'Say up to which message a handler has read a thread',
        params: UserThreadPath,
        body: MarkRead,
        response: { 200: Marked },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { user, thread } = request.params
      const { id: userId } = await getUser(core.db, accountId, user)
      const read = { threadId: threadIdOf(thread), userId, index: request.body.index }
      return { index: shownIndex(await markRead(core, accountId, read)) }
    },
  )

  app.get(
    '/v1/queue-threads/:thread/history',
    {
      schema: {
        summary: "Read a queue's thread and those before it that it is linked to, newest message first",
        params: InboxThreadPath,
        querystring: HistoryAsked,
        response: { 200: History },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { before, limit = DEFAULT_PAGE } = request.query
      const threadId = threadIdOf(request.params.thread)
      const thread = await findInboxThread(core.db, accountId, threadId)
      if (!thread || thread.deletedAt) throw new Refusal('not_found', `There is no thread ${threadId} of a queue.`)
      const messages = await listHistory(core.db, { accountId, threadId, before, limit })
      return {
        threadId,
        previousThreadId: thread.previousThreadId,
        records: messages.map(({ born, isInbound, body, media, createdAt, ...message }) => ({
          ...message,
          messageId: String(born),
          direction: isInbound ? ('inbound' as const) : ('outbound' as const),
          body: body ?? '',
          media: media ?? [],
          at: createdAt.toISOString(),
        })),
        next: messages.length === limit ? (messages.at(-1)?.born ?? null) : null,
      }
    },
  )
}

function shownIndex(index: number): number | null {
  return index < 0 ? null : index
}
