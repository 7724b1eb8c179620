import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkJwt, checkPassword } from '../../core/sign-in/check-user.ts'
import { type Client, identifyClient } from '../../core/sign-in/clients.ts'
import { openSession, refreshSession, revokeToken, type TokenPair } from '../../core/sign-in/sessions.ts'
import { SignInRefused } from '../../core/sign-in/sign-in-refused.ts'
import { issueWebSocketTicket, redeemCode, WEBSOCKET_TICKET_SECONDS } from '../../core/sign-in/tickets.ts'
import { findExtensionOfUser } from '../../store/read/inbox-extensions.ts'
import type { RingCentralDialect } from './dialect.ts'
import { OAuthError } from './oauth-errors.ts'
import { lifetimesOf, readBasic, readForm } from './oauth-request.ts'
import { grantedScope } from './scopes.ts'

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Tokens: given for a JWT credential, a password, a code or a refresh token; revoked; and those for WebSockets. */
export function oauthRoutes(dialect: RingCentralDialect): void {
  const { core } = dialect

  dialect.open('POST', '/oauth/token', async (request, reply) => {
    const form = readForm(request.body)
    const client = await clientOf(dialect, request, reply, form)
    const pair = await grant(dialect, client, form)
    reply.header('cache-control', 'no-store')
    return tokenResource(dialect, client, pair)
  })

  dialect.open('POST', '/oauth/revoke', async (request, reply) => {
    const form = readForm(request.body)
    const token = form.token ?? readForm(request.query).token
    const client = await clientOf(dialect, request, reply, form)
    if (token) await revokeToken(core, client, token)
    return {}
  })

  dialect.operation('POST', '/oauth/wstoken', {
    scope: 'WebSocketsSubscription',
    group: 'auth',
    run: async ({ caller, origin }) => ({
      uri: `${origin.replace(/^http/, 'ws')}/restapi/ws`,
      ws_access_token: await issueWebSocketTicket(core, caller.bearer),
      expires_in: WEBSOCKET_TICKET_SECONDS,
    }),
  })
}

/** Who asks: by HTTP Basic, or by `client_id` and maybe `client_secret` in the form. */
async function clientOf(
  { core, limiter }: RingCentralDialect,
  request: FastifyRequest,
  reply: FastifyReply,
  form: Record<string, string>,
): Promise<Client> {
  const basic = readBasic(request.headers.authorization)
  const clientId = basic?.clientId ?? form.client_id
  if (!clientId) throw new OAuthError('invalid_client', 'OAU-123', 'Client authentication is required')
  limiter.count(reply, 'auth', `${clientId} ${form.username ?? request.ip}`)
  return identifyClient(core, clientId, basic?.secret ?? form.client_secret ?? null)
}

async function grant({ core }: RingCentralDialect, client: Client, form: Record<string, string>): Promise<TokenPair> {
  const lifetimes = lifetimesOf(form)
  const endpointId = form.endpoint_id ?? null
  const open = (userId: string, scope: string | null) =>
    openSession(core, client, { userId, scope: grantedScope(scope), endpointId, lifetimes })
  switch (form.grant_type) {
    case JWT_GRANT:
    case 'partner_jwt':
      mustBeTrusted(client)
      return open(await checkJwt(core, client.accountId, required(form, 'assertion')), form.scope ?? null)
    case 'password': {
      mustBeTrusted(client)
      const asked = { username: usernameOf(form), password: required(form, 'password') }
      return open(await checkPassword(core, client.accountId, asked), form.scope ?? null)
    }
    case 'refresh_token':
      return refreshSession(core, client, { refreshToken: required(form, 'refresh_token'), lifetimes })
    case 'authorization_code': {
      const { userId, scope } = await redeemCode(core, client, {
        code: required(form, 'code'),
        redirectUri: form.redirect_uri ?? '',
        verifier: form.code_verifier ?? null,
      })
      return open(userId, scope)
    }
    default:
      throw new OAuthError('unsupported_grant_type', 'OAU-250', 'Unsupported grant type')
  }
}

/** A program that shows no secret may only use grants that prove themselves. */
function mustBeTrusted(client: Client): void {
  if (client.isPublic) throw new SignInRefused('client_not_trusted', 'Invalid client credentials')
}

/** Older clients say the extension apart. */
function usernameOf(form: Record<string, string>): string {
  const username = required(form, 'username')
  return form.extension && !username.includes('*') ? `${username}*${form.extension}` : username
}

function required(form: Record<string, string>, name: string): string {
  const value = form[name]
  if (!value) throw new OAuthError('invalid_request', 'OAU-123', `Parameter [${name}] is missing`)
  return value
}

async function tokenResource({ core }: RingCentralDialect, client: Client, pair: TokenPair) {
  const extension = await findExtensionOfUser(core.db, client.accountId, pair.userId)
  return {
    access_token: pair.accessToken,
    token_type: 'bearer',
    expires_in: pair.accessSeconds,
    refresh_token: pair.refreshToken,
    refresh_token_expires_in: pair.refreshSeconds,
    scope: pair.scope,
    owner_id: String(extension?.id ?? ''),
    endpoint_id: pair.endpointId ?? pair.sessionId,
    session_id: pair.sessionId,
  }
}
