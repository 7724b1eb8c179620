import { createHash, randomBytes } from 'node:crypto'

const ACCOUNT_BYTES = 16
const SECRET_BYTES = 24

/**
 * A new bearer token. It begins with the account's id, by which a server knows where to look; what counts is the rest,
 * of which only the hash is kept.
 */
export function newToken(accountId: string): string {
  return Buffer.concat([Buffer.from(accountId.replaceAll('-', ''), 'hex'), randomBytes(SECRET_BYTES)]).toString(
    'base64url',
  )
}

/** The account that a token says it is of; null when it is no token of ours. */
export function accountOfToken(token: string): string | null {
  if (!/^[A-Za-z0-9_-]{54}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== ACCOUNT_BYTES + SECRET_BYTES) return null
  const hex = bytes.toString('hex', 0, ACCOUNT_BYTES)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** How tokens are kept: SHA-256. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
