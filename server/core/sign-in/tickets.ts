import { createHash } from 'node:crypto'
import { isSameSecret } from '../../kit/same-secret.ts'
import { findTicket, insertTicket, takeTicket } from '../../store/tokens.ts'
import type { Core } from '../core.ts'
import type { Client } from './clients.ts'
import type { Bearer } from './sessions.ts'
import { SignInRefused } from './sign-in-refused.ts'
import { accountOfToken, hashOf, newToken } from './tokens.ts'

/** What an authorization code was given for. */
export interface CodeFacts extends Record<string, unknown> {
  clientId: string
  redirectUri: string
  scope: string
  challenge: string | null
  challengeMethod: 'S256' | 'plain'
}

/** RFC 6749, 4.1.2 allows ten minutes at most. */
export const CODE_SECONDS = 60
export const WEBSOCKET_TICKET_SECONDS = 600

/** A code that a program exchanges for tokens, once, within a minute. */
export async function issueCode(core: Core, client: Client, userId: string, facts: CodeFacts): Promise<string> {
  const code = newToken(client.accountId)
  const nowMs = core.clock.machineMs()
  const expiresAt = new Date(nowMs + CODE_SECONDS * 1000)
  const ticket = { kind: 'code' as const, userId, sessionId: null, facts, expiresAt }
  await insertTicket(core.db, client.accountId, hashOf(code), ticket, new Date(nowMs))
  return code
}

/**
 * What a code stands for. It counts once, whatever comes of it. Refuses `code_wrong`, `redirect_wrong`,
 * `verifier_wrong`, and `client_not_trusted` to a program that shows neither a secret nor a verifier. Source: RFC 7636.
 */
export async function redeemCode(
  core: Core,
  client: Client,
  asked: { code: string; redirectUri: string; verifier: string | null },
): Promise<{ userId: string; scope: string }> {
  const found =
    accountOfToken(asked.code) === client.accountId
      ? await takeTicket(core.db, client.accountId, hashOf(asked.code), 'code')
      : null
  if (!found || found.expiresAt.getTime() <= core.clock.machineMs()) {
    throw new SignInRefused('code_wrong', 'Authorization code is invalid or expired')
  }
  const facts = found.facts as CodeFacts
  if (facts.clientId !== client.clientId) throw new SignInRefused('code_wrong', 'Authorization code is of another app')
  if (facts.redirectUri !== asked.redirectUri) {
    throw new SignInRefused('redirect_wrong', 'Redirect URI is not the one that the code was asked with')
  }
  if (facts.challenge !== null && !fits(facts, facts.challenge, asked.verifier ?? '')) {
    throw new SignInRefused('verifier_wrong', 'Code verifier does not fit its challenge')
  }
  if (facts.challenge === null && client.isPublic) {
    throw new SignInRefused('client_not_trusted', 'Invalid client credentials')
  }
  return { userId: found.userId, scope: facts.scope }
}

function fits({ challengeMethod }: CodeFacts, challenge: string, verifier: string): boolean {
  const shown = challengeMethod === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
  return isSameSecret(shown, challenge)
}

/** A token that opens WebSockets in the name of a session, again and again for ten minutes. */
export async function issueWebSocketTicket(core: Core, bearer: Bearer): Promise<string> {
  const token = newToken(bearer.accountId)
  const nowMs = core.clock.machineMs()
  const expiresAt = new Date(nowMs + WEBSOCKET_TICKET_SECONDS * 1000)
  const facts = { clientId: bearer.clientId, scope: bearer.scope }
  const ticket = { kind: 'websocket' as const, userId: bearer.userId, sessionId: bearer.sessionId, facts, expiresAt }
  await insertTicket(core.db, bearer.accountId, hashOf(token), ticket, new Date(nowMs))
  return token
}

/** Whom a WebSocket token lets in; null when it is unknown or has run out. */
export async function checkWebSocketTicket(
  core: Core,
  token: string,
): Promise<{ accountId: string; userId: string; sessionId: string | null; clientId: string; scope: string } | null> {
  const accountId = accountOfToken(token)
  const found = accountId && (await findTicket(core.db, accountId, hashOf(token), 'websocket'))
  if (!found || found.expiresAt.getTime() <= core.clock.machineMs()) return null
  const { userId, sessionId } = found
  return { accountId, userId, sessionId, clientId: String(found.facts.clientId), scope: String(found.facts.scope) }
}
