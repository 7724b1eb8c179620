import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { readClock } from '../../store/read/clocks.ts'
import { type Entries, readAllEntries, readChangedEntries } from '../../store/read/inbox-entries.ts'
import { listHandledQueues } from '../../store/read/inbox-extensions.ts'
import type { EntryScope } from '../../store/read/inbox-scopes.ts'
import { listChangedInboxThreads, listOpenInboxThreads } from '../../store/read/inbox-threads.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { invalidParameter } from './errors.ts'
import type { Query } from './parameters.ts'
import { hintEntry, messageEntry, noteEntry, threadResource } from './resources.ts'
import { readSyncToken, type SyncToken, writeSyncToken } from './sync-token.ts'

const THREADS = '/v1.0/account/:accountId/message-threads'

/** The two feeds: threads, and what is in them. A full sync gives what is there, an incremental one what changed since. */
export function syncRoutes(dialect: RingCentralDialect): void {
  const access = { scope: 'SMS', group: 'medium' } as const

  dialect.operation('GET', `${THREADS}/sync`, {
    ...access,
    run: call =>
      sync(dialect, call, 'threads', async ({ db, accountId, queueIds, since }) => {
        const threads = since
          ? await listChangedInboxThreads(db, accountId, queueIds, since.version)
          : await listOpenInboxThreads(db, accountId, queueIds)
        return threads.map(threadResource)
      }),
  })

  dialect.operation('GET', `${THREADS}/entries/sync`, {
    ...access,
    run: call =>
      sync(dialect, call, 'entries', async ({ db, since, scope, ...asked }) => {
        if (!scope) throw invalidParameter('scope', undefined)
        const entries = since
          ? await readChangedEntries(db, { ...asked, scope }, since.version)
          : await readAllEntries(db, { ...asked, scope })
        return spellEntries(entries, `${call.accountUri}/message-threads/messages`)
      }),
  })
}

interface Asked {
  db: Queryable
  accountId: string
  userId: string
  queueIds: string[]
  /** The token of an incremental sync; null in a full one. */
  since: SyncToken | null
  /** Of entries. */
  scope: EntryScope | null
}

/**
 * Answers what `records` reads, with the token of the same instant: a reader that saw more than its token says would
 * give a client what the next sync does not take back.
 */
async function sync(
  { core }: RingCentralDialect,
  { caller, query }: Call,
  of: SyncToken['of'],
  records: (asked: Asked) => Promise<unknown[]>,
): Promise<unknown> {
  const syncTime = core.clock.world()
  const { accountId, userId } = caller
  return core.db.snapshot(async db => {
    const [clocks, queues] = await Promise.all([readClock(db, accountId), listHandledQueues(db, accountId, userId)])
    const callQueueIds = queues.map(queue => queue.extensionId).sort()
    const syncType = query.oneOf('syncType', ['FSync', 'ISync']) ?? 'FSync'
    const since =
      syncType === 'ISync' ? readSyncToken(query.text('syncToken'), of, caller, { ...clocks, callQueueIds }) : null
    const scope = since ? since.scope : of === 'entries' ? scopeOf(query) : null
    const queueIds = queues.map(queue => queue.queueId)
    const syncToken = writeSyncToken({ of, accountId, userId, callQueueIds, scope, version: clocks.clock })
    return {
      records: await records({ db, accountId, userId, queueIds, since, scope }),
      syncInfo: { syncType, syncToken, syncTime: formatIsoMilliseconds(syncTime) },
    }
  })
}

const SCOPES = ['Accessible', 'Unassigned', 'AssignedToMe', 'AssignedToMeAndUnassigned', 'Explicit'] as const

function scopeOf(query: Query): EntryScope {
  const scope = query.oneOf('scope', SCOPES) ?? 'AssignedToMe'
  const threadIds = query.uuids('threadIds')
  if ((scope === 'Explicit') !== (threadIds !== null)) throw invalidParameter('threadIds', threadIds ?? undefined)
  switch (scope) {
    case 'Accessible':
      return { kind: 'accessible' }
    case 'Unassigned':
      return { kind: 'assigned', toMe: false, toNobody: true }
    case 'AssignedToMe':
      return { kind: 'assigned', toMe: true, toNobody: false }
    case 'AssignedToMeAndUnassigned':
      return { kind: 'assigned', toMe: true, toNobody: true }
    case 'Explicit':
      return { kind: 'explicit', threadIds: threadIds ?? [] }
    default:
      return scope satisfies never
  }
}

/** All entries, last changed first. */
function spellEntries({ messages, notes, hints }: Entries, messagesUri: string): unknown[] {
  return [
    ...messages.map(message => ({
      at: message.updatedAt,
      version: message.version,
      entry: messageEntry(message, messagesUri),
    })),
    ...notes.map(note => ({ at: note.updatedAt, version: note.version, entry: noteEntry(note) })),
    ...hints.map(hint => ({ at: hint.at, version: hint.version, entry: hintEntry(hint) })),
  ]
    .sort((a, b) => b.at.getTime() - a.at.getTime() || b.version - a.version)
    .map(({ entry }) => entry as unknown)
}
