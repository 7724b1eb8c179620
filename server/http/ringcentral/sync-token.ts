import { readUrlJson, writeUrlJson } from '../../kit/url-json.ts'
import type { EntryScope } from '../../store/read/inbox-scopes.ts'
import type { Caller } from './callers.ts'
import { invalidParameter, RingCentralError } from './errors.ts'

/**
 * What a sync token says: whose it is, up to which version its holder knows everything, and of what. It is no secret
 * and no key: it is checked against the caller's own rights.
 */
export interface SyncToken {
  of: 'threads' | 'entries'
  accountId: string
  userId: string
  /** Extension ids of the queues handled when it was given, sorted. */
  callQueueIds: string[]
  scope: EntryScope | null
  version: number
}

export function writeSyncToken(token: SyncToken): string {
  return writeUrlJson(token)
}

/**
 * Reads a token that the caller shows. Refuses 400 CMN-101 when it is none, and 400 MSG-411, after which clients begin
 * with a full sync, when it is of another user or feed, the caller handles other queues by now, or what happened since
 * is not kept any more.
 */
export function readSyncToken(
  text: string | null,
  of: SyncToken['of'],
  caller: Caller,
  known: { callQueueIds: string[]; clock: number; purgedThrough: number },
): SyncToken {
  const token = parse(text)
  if (!token) throw invalidParameter('syncToken', text ?? undefined)
  const isUsable =
    token.of === of &&
    token.accountId === caller.accountId &&
    token.userId === caller.userId &&
    token.version <= known.clock &&
    token.version >= known.purgedThrough &&
    JSON.stringify(token.callQueueIds) === JSON.stringify(known.callQueueIds)
  if (isUsable) return token
  throw new RingCentralError(400, 'MSG-411', 'Sync token is no longer usable; start with a full sync', {
    parameterName: 'syncToken',
  })
}

function parse(text: string | null): SyncToken | null {
  const read = text === null ? undefined : readUrlJson(text)
  return isToken(read) ? read : null
}

function isToken(read: unknown): read is SyncToken {
  if (typeof read !== 'object' || read === null) return false
  const token = read as Record<keyof SyncToken, unknown>
  return (
    (token.of === 'threads' || token.of === 'entries') &&
    typeof token.accountId === 'string' &&
    typeof token.userId === 'string' &&
    Array.isArray(token.callQueueIds) &&
    Number.isSafeInteger(token.version) &&
    isScope(token.of, token.scope)
  )
}

function isScope(of: SyncToken['of'], scope: unknown): boolean {
  if (of === 'threads') return scope === null
  if (typeof scope !== 'object' || scope === null) return false
  const { kind, toMe, toNobody, threadIds } = scope as Record<string, unknown>
  switch (kind) {
    case 'accessible':
      return true
    case 'assigned':
      return typeof toMe === 'boolean' && typeof toNobody === 'boolean' && (toMe || toNobody)
    case 'explicit':
      return Array.isArray(threadIds) && threadIds.every(id => typeof id === 'string' && UUID.test(id))
    default:
      return false
  }
}

const UUID = /^[0-9a-f-]{36}$/i
