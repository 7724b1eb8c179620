import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import { readClock } from '../../store/read/clocks.ts'
import { type LegacyMessage, listChangedLegacyMessages, listLegacyMessages } from '../../store/read/legacy-messages.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { invalidParameter } from './errors.ts'
import { legacyMessageResource } from './legacy-resources.ts'
import { EXTENSION, filterOf, type LegacyStore, storeOf } from './legacy-store.ts'
import { type LegacyToken, readLegacyToken, writeLegacyToken } from './legacy-token.ts'

const DAY_MS = 86_400_000
/** Source: RingCentral, "Sync Messages": `recordCount`. */
const MAX_RECORDS = 250

/** The older feed of messages: a full sync gives the newest of a time window, an incremental one what changed since. */
export function messageSyncRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect

  dialect.operation('GET', `${EXTENSION}/message-sync`, {
    scope: 'ReadMessages',
    group: 'light',
    async run(call) {
      const { caller, query } = call
      const store = await storeOf(dialect, call)
      // Before any row: what changes meanwhile comes twice, never not at all.
      const clocks = await readClock(core.db, caller.accountId)
      const syncTime = formatIsoMilliseconds(core.clock.world())
      const syncType = query.oneOf('syncType', ['FSync', 'ISync']) ?? 'FSync'
      const of = { accountId: caller.accountId, userId: caller.userId, queueIds: [...store.queueIds].sort() }
      const since = syncType === 'ISync' ? readLegacyToken(query.text('syncToken'), of, clocks) : null
      const { messages, olderRecordsExist, token } = since
        ? await changed(dialect, since)
        : await full(dialect, call, store)
      const syncToken = writeLegacyToken({ ...token, ...of, version: clocks.clock })
      return {
        uri: `${store.extensionUri}/message-sync?syncType=${syncType}`,
        records: messages.map(message => legacyMessageResource(message, store.storeUri)),
        syncInfo: { syncType, syncToken, syncTime, ...(since ? {} : { olderRecordsExist }) },
      }
    },
  })
}

interface Synced {
  messages: LegacyMessage[]
  olderRecordsExist: boolean
  token: Pick<LegacyToken, 'askedIds' | 'isInbound' | 'conversationId'>
}

async function full({ core }: RingCentralDialect, { caller, query }: Call, store: LegacyStore): Promise<Synced> {
  const filter = filterOf(query, store, caller.userId)
  const to = query.date('dateTo')
  const from = query.date('dateFrom') ?? new Date((to ?? core.clock.world()).getTime() - DAY_MS)
  const perPage = recordCount(query.text('recordCount'))
  const page = await listLegacyMessages(core.db, caller.accountId, { ...filter, from, to }, { page: 1, perPage })
  const { queueIds: askedIds, isInbound, conversationId } = filter
  return {
    messages: page.rows,
    olderRecordsExist: page.total > perPage,
    token: { askedIds, isInbound, conversationId },
  }
}

async function changed({ core }: RingCentralDialect, token: LegacyToken): Promise<Synced> {
  const { accountId, userId, askedIds, isInbound, conversationId, version } = token
  const asked = { userId, queueIds: askedIds, isInbound, conversationId }
  const messages = await listChangedLegacyMessages(core.db, accountId, asked, version)
  return { messages, olderRecordsExist: false, token: { askedIds, isInbound, conversationId } }
}

function recordCount(asked: string | null): number {
  if (asked === null) return MAX_RECORDS
  if (!/^[0-9]{1,6}$/.test(asked) || Number(asked) < 1) throw invalidParameter('recordCount', asked)
  return Math.min(MAX_RECORDS, Number(asked))
}
