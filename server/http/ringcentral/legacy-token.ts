import { readUrlJson, writeUrlJson } from '../../kit/url-json.ts'
import { RingCentralError } from './errors.ts'

/** What a token of the older feed says; like others it is no secret, and checked against the caller's rights. */
export interface LegacyToken {
  accountId: string
  userId: string
  /** UUIDs of the queues that the store holds, sorted. */
  queueIds: string[]
  /** Those among them that the client asked for; none when it asked for other kinds of messages. */
  askedIds: string[]
  isInbound: boolean | null
  conversationId: number | null
  version: number
}

export function writeLegacyToken(token: LegacyToken): string {
  return writeUrlJson(token)
}

/**
 * Reads a token that the caller shows. Refuses 400 MSG-333, after which clients begin with a full sync, when it is none,
 * another's, of other queues, or what happened since is not kept any more.
 */
export function readLegacyToken(
  text: string | null,
  of: Pick<LegacyToken, 'accountId' | 'userId' | 'queueIds'>,
  { clock, purgedThrough }: { clock: number; purgedThrough: number },
): LegacyToken {
  const token = parse(text)
  const isUsable =
    token &&
    token.accountId === of.accountId &&
    token.userId === of.userId &&
    JSON.stringify(token.queueIds) === JSON.stringify(of.queueIds) &&
    token.version <= clock &&
    token.version >= purgedThrough
  if (isUsable) return token
  throw new RingCentralError(400, 'MSG-333', 'Parameter [syncToken] is invalid; start with a full sync', {
    parameterName: 'syncToken',
  })
}

function parse(text: string | null): LegacyToken | null {
  const read = text === null ? undefined : readUrlJson(text)
  return isToken(read) ? read : null
}

function isToken(read: unknown): read is LegacyToken {
  if (typeof read !== 'object' || read === null) return false
  const { accountId, userId, queueIds, askedIds, isInbound, conversationId, version } = read as Record<
    keyof LegacyToken,
    unknown
  >
  return (
    typeof accountId === 'string' &&
    typeof userId === 'string' &&
    Array.isArray(queueIds) &&
    Array.isArray(askedIds) &&
    askedIds.every(id => queueIds.includes(id)) &&
    (isInbound === null || typeof isInbound === 'boolean') &&
    (conversationId === null || Number.isSafeInteger(conversationId)) &&
    Number.isSafeInteger(version)
  )
}
