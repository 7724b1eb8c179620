import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../domain/clock.ts'
import { uuidOfSid } from '../domain/ids.ts'
import type { Seal } from '../kit/seal.ts'
import { findAuthToken, findKeySecret, findOwners } from '../store/accounts.ts'
import type { Queryable } from '../store/db.ts'

/** Who a request comes from: an account's own token, or one of its API keys. */
export interface Principal {
  accountId: string
  parentId: string | null
  /** UUID of the API key; null for the account's token. */
  keyId: string | null
  status: 'active' | 'suspended' | 'closed'
}

/** How long a checked header counts without another look, in machine time: a revoked key is refused within it. */
const REMEMBER_MS = 1000
const MAX_REMEMBERED = 10_000

export interface Credentials {
  /** Null when the header is missing, malformed, or wrong. */
  check(authorization: string | undefined): Promise<Principal | null>
}

/** Checks HTTP Basic credentials: account SID and token, or API key SID and secret. */
export function openCredentials(db: Queryable, seal: Seal, clock: Clock): Credentials {
  const remembered = new Map<string, { principal: Promise<Principal | null>; untilMs: number }>()

  return {
    check(authorization) {
      if (!authorization) return NOBODY
      const nowMs = clock.machineMs()
      const known = remembered.get(authorization)
      if (known && known.untilMs > nowMs) return known.principal
      if (remembered.size >= MAX_REMEMBERED) remembered.clear()
      const principal = identify(db, seal, authorization)
      remembered.set(authorization, { principal, untilMs: nowMs + REMEMBER_MS })
      principal.catch(() => remembered.delete(authorization))
      return principal
    },
  }
}

const NOBODY: Promise<null> = Promise.resolve(null)

async function identify(db: Queryable, seal: Seal, authorization: string): Promise<Principal | null> {
  const basic = readBasic(authorization)
  if (!basic) return null
  const accountId = uuidOfSid('AC', basic.user)
  if (accountId) {
    const found = await findAuthToken(db, accountId)
    if (!found || !isSame(seal.open(found.authToken), basic.password)) return null
    return { accountId, parentId: found.parentId, keyId: null, status: found.status }
  }
  const keyId = uuidOfSid('SK', basic.user)
  if (!keyId) return null
  const owner = (await findOwners(db, 'key', [keyId])).get(keyId)
  if (!owner) return null
  const [secret, account] = await Promise.all([findKeySecret(db, owner, keyId), findAuthToken(db, owner)])
  if (!secret || !account || !isSame(seal.open(secret), basic.password)) return null
  return { accountId: owner, parentId: account.parentId, keyId, status: account.status }
}

function readBasic(authorization: string): { user: string; password: string } | null {
  const match = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization)
  if (!match?.[1]) return null
  const decoded = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? null : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}

/** Compares in a time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
