import { newId } from '../../domain/ids.ts'
import { openSeal } from '../../kit/seal.ts'
import { type BearerRow, findBearer, findBearerOfSession } from '../../store/read/bearers.ts'
import {
  deleteSession,
  findSessionByRefresh,
  insertSession,
  markAccessUsed,
  type OAuthSession,
  replacePair,
} from '../../store/tokens.ts'
import type { Core } from '../core.ts'
import type { Client } from './clients.ts'
import { SignInRefused } from './sign-in-refused.ts'
import { accountOfToken, hashOf, newToken } from './tokens.ts'

/** How long tokens count, in seconds of machine time. */
export interface Lifetimes {
  accessSeconds: number
  refreshSeconds: number
}

/** A pair of tokens as their owner is shown it, once. */
export interface TokenPair {
  sessionId: string
  userId: string
  accessToken: string
  refreshToken: string
  accessSeconds: number
  refreshSeconds: number
  scope: string
  endpointId: string | null
}

/**
 * How long a refresh token still counts after it was replaced, so that an answer which got lost may be asked for again:
 * ten seconds from the first use of the new pair, an hour when it was not used. Source: RingCentral, "Refreshing an
 * access token".
 */
const GRACE_USED_MS = 10_000
const GRACE_UNUSED_MS = 3_600_000

/** Lets a user in: opens a session with its first pair of tokens. */
export async function openSession(
  core: Core,
  client: Client,
  asked: { userId: string; scope: string; endpointId: string | null; lifetimes: Lifetimes },
): Promise<TokenPair> {
  const { userId, scope, endpointId, lifetimes } = asked
  const made = makePair(core, client.accountId, lifetimes)
  const id = newId(core.clock.machineMs())
  await insertSession(core.db, client.accountId, {
    ...made.kept,
    id,
    userId,
    clientId: client.clientId,
    isPublic: client.isPublic,
    scope,
    endpointId,
    accessUsedAt: null,
    earlierRefreshHash: null,
    sealedPair: null,
  })
  return { ...made.shown, ...lifetimes, sessionId: id, userId, scope, endpointId }
}

/**
 * Gives the next pair for a refresh token; the access token before it is void at once. A refresh token that was used
 * just before is answered with the same pair again. Refuses `refresh_revoked`, and `client_not_trusted` when a program
 * that keeps a secret did not show it.
 */
export async function refreshSession(
  core: Core,
  client: Client,
  asked: { refreshToken: string; lifetimes: Lifetimes },
): Promise<TokenPair> {
  const { refreshToken, lifetimes } = asked
  const refreshHash = hashOf(refreshToken)
  const session = await findSessionByRefresh(core.db, client.accountId, refreshHash)
  const nowMs = core.clock.machineMs()
  if (session?.clientId !== client.clientId || session.refreshExpiresAt.getTime() <= nowMs) throw revoked()
  if (client.isPublic && !session.isPublic) {
    throw new SignInRefused('client_not_trusted', 'Invalid client credentials')
  }
  if (!session.refreshHash.equals(refreshHash)) return pairAgain(session, refreshToken, nowMs)
  const made = makePair(core, client.accountId, lifetimes)
  const sealedPair = openSeal(refreshToken).seal(JSON.stringify(made.shown))
  const isFirst = await replacePair(core.db, client.accountId, refreshHash, { ...made.kept, sealedPair })
  if (!isFirst) return refreshSession(core, client, asked)
  const { id: sessionId, userId, scope, endpointId } = session
  return { ...made.shown, ...lifetimes, sessionId, userId, scope, endpointId }
}

/** Ends the session of an access or refresh token; nothing happens when there is none, or it is another client's account. */
export async function revokeToken(core: Core, client: Client, token: string): Promise<void> {
  if (accountOfToken(token) === client.accountId) await deleteSession(core.db, client.accountId, hashOf(token))
}

/** Whom an access token lets in, with the account it is of. */
export type Bearer = BearerRow & { accountId: string }

export type BearerCheck = { kind: 'known'; bearer: Bearer } | { kind: 'unreadable' | 'unknown' | 'expired' }

/** Looks at an access token, and notes its first use. */
export async function checkAccessToken(core: Core, token: string): Promise<BearerCheck> {
  const accountId = accountOfToken(token)
  if (!accountId) return { kind: 'unreadable' }
  const found = await findBearer(core.db, accountId, hashOf(token))
  if (found?.accountStatus !== 'active') return { kind: 'unknown' }
  const now = new Date(core.clock.machineMs())
  if (found.accessExpiresAt <= now) return { kind: 'expired' }
  if (!found.accessUsedAt) await markAccessUsed(core.db, accountId, found.sessionId, now)
  return { kind: 'known', bearer: { ...found, accountId } }
}

/** The session that a connection was opened by: it outlives its access tokens, and ends with a sign-out. */
export async function checkSession(core: Core, accountId: string, sessionId: string): Promise<BearerCheck> {
  const found = await findBearerOfSession(core.db, accountId, sessionId)
  return found?.accountStatus === 'active' ? { kind: 'known', bearer: { ...found, accountId } } : { kind: 'unknown' }
}

interface Shown {
  accessToken: string
  refreshToken: string
}

function makePair(core: Core, accountId: string, { accessSeconds, refreshSeconds }: Lifetimes) {
  const nowMs = core.clock.machineMs()
  const shown: Shown = { accessToken: newToken(accountId), refreshToken: newToken(accountId) }
  return {
    shown,
    kept: {
      accessHash: hashOf(shown.accessToken),
      accessExpiresAt: new Date(nowMs + accessSeconds * 1000),
      refreshHash: hashOf(shown.refreshToken),
      refreshExpiresAt: new Date(nowMs + refreshSeconds * 1000),
      refreshedAt: new Date(nowMs),
    },
  }
}

/** The pair that replaced a refresh token, once more. */
function pairAgain(session: OAuthSession, refreshToken: string, nowMs: number): TokenPair {
  const used = session.accessUsedAt
  const graceEndsMs = used ? used.getTime() + GRACE_USED_MS : session.refreshedAt.getTime() + GRACE_UNUSED_MS
  if (nowMs >= graceEndsMs || !session.sealedPair) throw revoked()
  const shown: Shown = JSON.parse(openSeal(refreshToken).open(session.sealedPair))
  return {
    accessToken: shown.accessToken,
    refreshToken: shown.refreshToken,
    accessSeconds: Math.max(0, Math.ceil((session.accessExpiresAt.getTime() - nowMs) / 1000)),
    refreshSeconds: Math.max(0, Math.ceil((session.refreshExpiresAt.getTime() - nowMs) / 1000)),
    sessionId: session.id,
    userId: session.userId,
    scope: session.scope,
    endpointId: session.endpointId,
  }
}

function revoked(): SignInRefused {
  return new SignInRefused('refresh_revoked', 'Token revoked')
}
