import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkPassword } from '../../core/sign-in/check-user.ts'
import { type Client, getClient } from '../../core/sign-in/clients.ts'
import { SignInRefused } from '../../core/sign-in/sign-in-refused.ts'
import { CODE_SECONDS, type CodeFacts, issueCode } from '../../core/sign-in/tickets.ts'
import { signInPage } from './authorize-page.ts'
import type { RingCentralDialect } from './dialect.ts'
import { OAuthError } from './oauth-errors.ts'
import { readForm } from './oauth-request.ts'
import { grantedScope } from './scopes.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Lets a user allow a program in: a form for name and password, then a redirect with a code. Source: RFC 6749, 4.1;
 * RFC 7636 (PKCE).
 */
export function authorizeRoutes(dialect: RingCentralDialect): void {
  const { core, limiter } = dialect

  async function show(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const asked = { ...readForm(request.query), ...readForm(request.body) }
    const client = await getClient(core, asked.client_id ?? '')
    const facts = factsOf(client, asked)
    const { username, password } = asked
    if (request.method !== 'POST' || !username || !password) return page(reply, asked, null)
    limiter.count(reply, 'auth', `${client.clientId} ${username}`)
    try {
      const userId = await checkPassword(core, client.accountId, { username, password })
      const code = await issueCode(core, client, userId, facts)
      return reply
        .code(302)
        .header('location', target(facts, code, asked.state))
        .header('cache-control', 'no-store')
        .send()
    } catch (error) {
      if (error instanceof SignInRefused) return page(reply, asked, error.message)
      throw error
    }
  }

  dialect.open('GET', '/oauth/authorize', show)
  dialect.open('POST', '/oauth/authorize', show)
}

function factsOf(client: Client, asked: Record<string, string>): CodeFacts {
  if (asked.response_type !== 'code') {
    throw new OAuthError('unsupported_response_type', 'OAU-113', 'Only response_type=code is supported')
  }
  const redirectUri = asked.redirect_uri ?? ''
  if (!isAllowed(client, redirectUri)) {
    throw new OAuthError('invalid_request', 'OAU-109', 'Redirect URI is not registered for the app')
  }
  const challengeMethod = asked.code_challenge_method ?? 'plain'
  if (challengeMethod !== 'S256' && challengeMethod !== 'plain') {
    throw new OAuthError('invalid_request', 'OAU-110', 'code_challenge_method must be S256 or plain')
  }
  return {
    clientId: client.clientId,
    redirectUri,
    scope: grantedScope(asked.scope ?? null),
    challenge: asked.code_challenge ?? null,
    challengeMethod,
  }
}

/** Where codes may be sent: to registered addresses; with none registered, to programs on the same machine. */
function isAllowed({ redirectUris }: Client, redirectUri: string): boolean {
  if (redirectUris.length > 0) return redirectUris.includes(redirectUri)
  if (!URL.canParse(redirectUri)) return false
  const { protocol, hostname } = new URL(redirectUri)
  return /^https?:$/.test(protocol) && LOOPBACK.has(hostname)
}

function target({ redirectUri }: CodeFacts, code: string, state: string | undefined): string {
  const url = new URL(redirectUri)
  url.searchParams.set('code', code)
  if (state) url.searchParams.set('state', state)
  url.searchParams.set('expires_in', String(CODE_SECONDS))
  return url.href
}

function page(reply: FastifyReply, asked: Record<string, string>, problem: string | null): FastifyReply {
  return reply
    .code(problem === null ? 200 : 403)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-frame-options', 'DENY')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .send(signInPage(asked, problem))
}
