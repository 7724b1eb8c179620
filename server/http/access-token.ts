import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Core } from '../core/core.ts'
import { sid, uuidOfSid } from '../domain/ids.ts'
import { findAuthToken, findKeySecret, findOwners } from '../store/read/accounts.ts'
import { findAccountSettings, findService } from '../store/read/services.ts'
import { ACCESS_TOKEN_FAULTS, type AccessTokenCode } from './access-token-codes.ts'

/** Whom an access token lets in: an identity of a service. */
export interface AccessToken {
  accountId: string
  serviceId: string
  identity: string
  /** Machine time. */
  expiresAtMs: number
}

/** A token that is not taken. `code` and the words are those that a client hears; see `REQUEST_FAULTS` for requests. */
export class AccessTokenRefused extends Error {
  readonly code: AccessTokenCode

  constructor(code: AccessTokenCode) {
    super(ACCESS_TOKEN_FAULTS[code])
    this.name = 'AccessTokenRefused'
    this.code = code
  }
}

/** Source: Twilio, "Access Tokens": at most 24 hours; an hour unless said. */
export const MAX_TTL_S = 24 * 60 * 60
export const DEFAULT_TTL_S = 60 * 60

const ALGORITHMS = ['HS256', 'HS384', 'HS512']
const CONTENT_TYPE = 'twilio-fpa;v=1'

/**
 * Reads an access token as the vendor's helper libraries make it: signed with the secret of an API key of the account, for
 * an identity of a conversation service. Old programs name the account itself as the issuer and sign with its token.
 * Throws `AccessTokenRefused`. Times are judged by machine time.
 */
export async function readAccessToken(core: Core, token: string): Promise<AccessToken> {
  const claims = claimsOf(token)
  const accountId = uuidOfSid('AC', String(claims.sub ?? ''))
  const secret = accountId && (await secretOf(core, accountId, String(claims.iss ?? '')))
  if (!accountId || !secret) throw new AccessTokenRefused(20103)
  await mustBeSigned(core, token, secret)
  const expiresAtMs = mustBeInTime(core, claims)
  const { identity, serviceId } = readGrants(claims)
  if (!serviceId || !(await isService(core, accountId, serviceId))) {
    throw new AccessTokenRefused(20106)
  }
  return { accountId, serviceId, identity, expiresAtMs }
}

/** Makes an access token, signed with the account's own token, for those who have no server that makes them. */
export async function makeAccessToken(
  core: Core,
  accountId: string,
  { identity, serviceId, ttlS }: { identity: string; serviceId: string; ttlS: number },
): Promise<string> {
  const account = await findAuthToken(core.db, accountId)
  if (!account) throw new Error(`No account ${accountId}`)
  const accountSid = sid('AC', accountId)
  const issuedAtS = Math.floor(core.clock.machineMs() / 1000)
  const grants = { identity, chat: { service_sid: sid('IS', serviceId) } }
  return new SignJWT({ jti: `${accountSid}-${issuedAtS}`, grants })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', cty: CONTENT_TYPE })
    .setIssuer(accountSid)
    .setSubject(accountSid)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + ttlS)
    .sign(new TextEncoder().encode(core.seal.open(account.authToken)))
}

function claimsOf(token: string): JWTPayload {
  let header: ReturnType<typeof decodeProtectedHeader>
  let claims: JWTPayload
  try {
    header = decodeProtectedHeader(token)
    claims = decodeJwt(token)
  } catch {
    throw new AccessTokenRefused(20101)
  }
  const isOurs = ALGORITHMS.includes(String(header.alg)) && String(header.cty).startsWith('twilio-fpa')
  if (!isOurs) throw new AccessTokenRefused(20102)
  return claims
}

/** What the issuer signs with: a key of the account, or the account itself. Null when it is neither, or closed. */
async function secretOf(core: Core, accountId: string, issuer: string): Promise<string | null> {
  const account = await findAuthToken(core.db, accountId)
  if (account?.status !== 'active') return null
  if (uuidOfSid('AC', issuer) === accountId) return core.seal.open(account.authToken)
  const keyId = uuidOfSid('SK', issuer)
  const owner = keyId && (await findOwners(core.db, 'key', [keyId])).get(keyId)
  const secret = keyId && owner === accountId ? await findKeySecret(core.db, accountId, keyId) : null
  return secret && core.seal.open(secret)
}

async function mustBeSigned(core: Core, token: string, secret: string): Promise<void> {
  try {
    await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ALGORITHMS,
      currentDate: new Date(core.clock.machineMs()),
    })
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new AccessTokenRefused(20104)
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'exp') throw new AccessTokenRefused(20104)
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') throw new AccessTokenRefused(20105)
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new AccessTokenRefused(20107)
    }
    throw new AccessTokenRefused(20101)
  }
}

function mustBeInTime(core: Core, { iat, nbf, exp }: JWTPayload): number {
  if (exp === undefined) throw new AccessTokenRefused(20104)
  const fromS = Math.max(iat ?? 0, nbf ?? 0) || core.clock.machineMs() / 1000
  if (exp - fromS > MAX_TTL_S) {
    throw new AccessTokenRefused(20157)
  }
  return exp * 1000
}

function readGrants({ grants }: JWTPayload): { identity: string; serviceId: string | null } {
  const { identity, chat } = isRecord(grants) ? grants : {}
  if (typeof identity !== 'string' || identity === '' || !isRecord(chat)) {
    throw new AccessTokenRefused(20106)
  }
  return { identity, serviceId: uuidOfSid('IS', String(chat.service_sid ?? '')) }
}

/** The default service is there even before it is first used. */
async function isService(core: Core, accountId: string, serviceId: string): Promise<boolean> {
  if ((await findService(core.db, accountId, serviceId)) !== null) return true
  return serviceId === ((await findAccountSettings(core.db, accountId)).defaultServiceId ?? accountId)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
