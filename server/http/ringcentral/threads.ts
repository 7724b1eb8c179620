import { deleteThread } from '../../core/inbox/delete-thread.ts'
import { openInboxDoors } from '../../core/inbox/inbox-doors.ts'
import { resolveThread } from '../../core/inbox/resolve-thread.ts'
import { findInboxExtension } from '../../store/read/inbox-extensions.ts'
import { findInboxThread, type InboxThread, listInboxThreads } from '../../store/read/inbox-threads.ts'
import { objectOf } from './bodies.ts'
import type { Caller } from './callers.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { invalidParameter, notFound, RingCentralError } from './errors.ts'
import { listOf } from './paging.ts'
import { threadResource } from './resources.ts'
import { uuidOf } from './uuids.ts'

const THREADS = '/v1.0/account/:accountId/message-threads'

/** Message threads: list, read, assign, resolve, delete. */
export function threadRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect
  const { assign } = openInboxDoors(core)
  const access = { scope: 'SMS', group: 'medium' } as const

  dialect.operation('GET', THREADS, {
    ...access,
    async run({ caller, query }) {
      const asked = query.page()
      const page = await listInboxThreads(
        core.db,
        caller.accountId,
        {
          queueIds: await queueIdsOf(dialect, caller, query.decimals('ownerExtensionIds')),
          isOpen: isOpen(query.oneOf('threadStatus', ['Open', 'Resolved'])),
          availability: query.availability(),
          from: query.date('creationTimeFrom'),
          to: query.date('creationTimeTo'),
          number: query.phoneNumber('ownerPhoneNumber'),
          person: query.phoneNumber('guestPhoneNumber'),
        },
        asked,
      )
      return listOf(page, asked, threadResource)
    },
  })

  dialect.operation('GET', `${THREADS}/:threadId`, {
    ...access,
    run: async call => threadResource(await getHandled(dialect, call)),
  })

  dialect.operation('DELETE', `${THREADS}/:threadId`, {
    ...access,
    status: 204,
    run: ({ caller, path }) => deleteThread(core, caller.accountId, { threadId: threadIdOf(path), by: caller.userId }),
  })

  dialect.operation('POST', `${THREADS}/:threadId/assign`, {
    ...access,
    async run(call) {
      const { caller, path, body } = call
      const threadId = threadIdOf(path)
      const to = await assigneeOf(dialect, caller, body)
      await assign(caller.accountId, { threadId, by: caller.userId, to })
      return threadResource(await getThread(dialect, caller, threadId))
    },
  })

  dialect.operation('POST', `${THREADS}/:threadId/resolve`, {
    ...access,
    async run(call) {
      const { caller, path } = call
      const threadId = threadIdOf(path)
      await resolveThread(core, caller.accountId, { threadId, by: caller.userId })
      return threadResource(await getThread(dialect, caller, threadId))
    },
  })
}

/** The ids of the queues that the caller handles, or of those among them that are asked for. */
export async function queueIdsOf(
  dialect: RingCentralDialect,
  caller: Caller,
  extensionIds: string[] | null,
): Promise<string[]> {
  const queues = await dialect.queuesOf(caller)
  return queues.filter(queue => !extensionIds || extensionIds.includes(queue.extensionId)).map(({ queueId }) => queueId)
}

export function isOpen(status: 'Open' | 'Resolved' | null): boolean | null {
  return status === null ? null : status === 'Open'
}

/** The thread of the path. Refuses 404 when there is none, and 403 when the caller does not handle its queue. */
async function getHandled(dialect: RingCentralDialect, { caller, path }: Call): Promise<InboxThread> {
  const threadId = threadIdOf(path)
  const [thread, queues] = await Promise.all([getThread(dialect, caller, threadId), dialect.queuesOf(caller)])
  if (!queues.some(queue => queue.queueId === thread.queueId)) {
    throw new RingCentralError(403, 'CMN-408', `You handle no texts of ${thread.owner.name}`)
  }
  return thread
}

async function getThread({ core }: RingCentralDialect, { accountId }: Caller, threadId: string): Promise<InboxThread> {
  const thread = await findInboxThread(core.db, accountId, threadId)
  if (!thread) throw notFound('threadId', threadId)
  return thread
}

function threadIdOf({ threadId = '' }: Record<string, string>): string {
  const id = uuidOf(threadId)
  if (id === null) throw notFound('threadId', threadId)
  return id
}

/** The user that `assignee` means, null to take the thread from its assignee. */
async function assigneeOf(dialect: RingCentralDialect, caller: Caller, body: unknown): Promise<string | null> {
  const { assignee } = objectOf(body)
  if (assignee === null) return null
  if (typeof assignee !== 'object') throw invalidParameter('assignee', assignee)
  const extensionId = String(Reflect.get(assignee, 'extensionId') ?? '')
  const extension = /^[0-9]{1,15}$/.test(extensionId)
    ? await findInboxExtension(dialect.core.db, caller.accountId, Number(extensionId))
    : null
  if (extension?.kind !== 'user') throw invalidParameter('assignee.extensionId', extensionId)
  return extension.ownerId
}
