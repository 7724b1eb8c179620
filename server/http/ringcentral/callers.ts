import type { FastifyRequest } from 'fastify'
import type { Core } from '../../core/core.ts'
import type { Admissions } from '../../core/sign-in/admissions.ts'
import { type BearerCheck, checkAccessToken, checkSession } from '../../core/sign-in/sessions.ts'
import type { SocketSession } from '../../core/subscriptions/open-subscription.ts'
import { numericAccountId } from './account-id.ts'
import { notFound, RingCentralError } from './errors.ts'

/** Who asks: a user, by a program that was allowed some scopes. */
export interface Caller {
  accountId: string
  accountName: string
  /** The account's decimal id, as it stands in paths. */
  accountNumber: string
  userId: string
  /** Decimal. */
  extensionId: string
  name: string
  isAdmin: boolean
  clientId: string
  sessionId: string
  scopes: ReadonlySet<string>
  /** The WebSocket that the request came over; null for one that came by itself. */
  socket: SocketSession | null
  bearer: Extract<BearerCheck, { kind: 'known' }>['bearer']
}

/** Whose access token a request shows, in its header or, for images, in `access_token`. Refuses 401. */
export async function callerOf(core: Core, admissions: Admissions, request: FastifyRequest): Promise<Caller> {
  const token = tokenOf(request)
  const admitted = admissions.find(token)
  const check = await (admitted
    ? checkSession(core, admitted.accountId, admitted.oauthSessionId)
    : checkAccessToken(core, token))
  switch (check.kind) {
    case 'known':
      return asCaller(check.bearer, admitted)
    case 'expired':
      throw new RingCentralError(401, 'OAU-128', 'Access token expired')
    case 'unknown':
      throw new RingCentralError(401, 'OAU-213', 'Token not found')
    case 'unreadable':
      throw new RingCentralError(401, 'OAU-129', 'Access token corrupted')
    default:
      return check satisfies never
  }
}

function asCaller(bearer: Caller['bearer'], socket: SocketSession | null): Caller {
  return {
    accountId: bearer.accountId,
    accountName: bearer.accountName,
    accountNumber: numericAccountId(bearer.accountId, bearer.accountSettings),
    userId: bearer.userId,
    extensionId: String(bearer.extensionId),
    name: bearer.name,
    isAdmin: bearer.isAdmin,
    clientId: bearer.clientId,
    sessionId: bearer.sessionId,
    scopes: new Set(bearer.scope.split(' ')),
    socket: socket && { sessionId: socket.sessionId, connectionId: socket.connectionId },
    bearer,
  }
}

function tokenOf(request: FastifyRequest): string {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const match = /^bearer +([^ ]+) *$/i.exec(authorization)
    if (!match?.[1]) throw new RingCentralError(401, 'OAU-134', 'Authorization header is invalid')
    return match[1]
  }
  const { access_token: token } = request.query as Record<string, unknown>
  if (typeof token === 'string' && token !== '') return token
  throw new RingCentralError(401, 'CMN-405', 'Login to extension required')
}

/** Refuses 403 when the program may not do this in anybody's name. */
export function mustHaveScope(caller: Caller, scope: string): void {
  if (caller.scopes.has(scope)) return
  throw new RingCentralError(
    403,
    'CMN-401',
    `In order to call this API endpoint, application needs to have [${scope}] permission`,
    {
      permissionName: scope,
    },
  )
}

/** Refuses 404 for any account but the caller's own: others are as if they were not there. */
export function mustBeOwnAccount(caller: Caller, account: string): void {
  if (account !== '~' && account !== caller.accountNumber) throw notFound('accountId', account)
}

/** Refuses 403 for what only administrators do. */
export function mustBeAdmin(caller: Caller): void {
  if (caller.isAdmin) return
  throw new RingCentralError(
    403,
    'CMN-408',
    'In order to call this API endpoint, user needs to have [EditUser] permission',
    {
      permissionName: 'EditUser',
    },
  )
}
