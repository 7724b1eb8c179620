import type { Core } from '../core/core.ts'
import type { Clock } from '../domain/clock.ts'
import { uuidOfSid } from '../domain/ids.ts'
import { isSameSecret } from '../kit/same-secret.ts'
import type { Seal } from '../kit/seal.ts'
import { findAuthToken, findKeySecret, findOwners } from '../store/read/accounts.ts'

/** Who a request comes from: an account's own token, or one of its API keys. */
export interface Principal {
  accountId: string
  parentId: string | null
  /** UUID of the API key; null for the account's token. */
  keyId: string | null
  status: 'active' | 'suspended' | 'closed'
}

/** How long a check counts without another look, in machine time: what another node revokes is refused within it. */
const REMEMBER_MS = 1000
const MAX_REMEMBERED = 10_000
/** Far more than a SID and secret have; what strangers send is remembered too, and theirs may be of any length. */
const MAX_REMEMBERED_LENGTH = 1024

/** What decides whether an account counts and who may act for it. */
export type AccountStanding = Pick<Principal, 'parentId' | 'status'>

export interface Credentials {
  /** Null when the header is missing, malformed, or wrong. */
  check(authorization: string | undefined): Promise<Principal | null>
  /** An account by its UUID; null when there is none. */
  standingOf(accountId: string): Promise<AccountStanding | null>
  /** Looks at everything anew: a key was revoked or an account suspended, which counts at once on this node. */
  forget(): void
}

/** Checks HTTP Basic credentials: account SID and token, or API key SID and secret. */
export function openCredentials(db: Core['db'], seal: Seal, clock: Clock): Credentials {
  const principals = new Memory<Principal>(clock, authorization => identify(db, seal, authorization))
  const standings = new Memory<AccountStanding>(clock, accountId => findAuthToken(db, accountId))

  return {
    check(authorization) {
      if (!authorization) return NOBODY
      const isShort = authorization.length <= MAX_REMEMBERED_LENGTH
      return isShort ? principals.get(authorization) : identify(db, seal, authorization)
    },
    standingOf: accountId => standings.get(accountId),
    forget() {
      principals.clear()
      standings.clear()
    },
  }
}

/** Answers from memory what was looked up within the last second. */
class Memory<Value> {
  readonly #clock: Clock
  readonly #find: (key: string) => Promise<Value | null>
  readonly #known = new Map<string, { value: Promise<Value | null>; untilMs: number }>()

  constructor(clock: Clock, find: (key: string) => Promise<Value | null>) {
    this.#clock = clock
    this.#find = find
  }

  get(key: string): Promise<Value | null> {
    const nowMs = this.#clock.machineMs()
    const known = this.#known.get(key)
    if (known && known.untilMs > nowMs) return known.value
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear()
    const value = this.#find(key)
    this.#known.set(key, { value, untilMs: nowMs + REMEMBER_MS })
    value.catch(() => this.#known.delete(key))
    return value
  }

  clear(): void {
    this.#known.clear()
  }
}

const NOBODY: Promise<null> = Promise.resolve(null)

async function identify(db: Core['db'], seal: Seal, authorization: string): Promise<Principal | null> {
  const basic = readBasic(authorization)
  if (!basic) return null
  const accountId = uuidOfSid('AC', basic.user)
  if (accountId) {
    const found = await findAuthToken(db, accountId)
    if (!found || !isSameSecret(seal.open(found.authToken), basic.password)) return null
    return { accountId, parentId: found.parentId, keyId: null, status: found.status }
  }
  const keyId = uuidOfSid('SK', basic.user)
  if (!keyId) return null
  const owner = (await findOwners(db, 'key', [keyId])).get(keyId)
  if (!owner) return null
  const [secret, account] = await Promise.all([findKeySecret(db, owner, keyId), findAuthToken(db, owner)])
  if (!secret || !account || !isSameSecret(seal.open(secret), basic.password)) return null
  return { accountId: owner, parentId: account.parentId, keyId, status: account.status }
}

function readBasic(authorization: string): { user: string; password: string } | null {
  const match = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization)
  if (!match?.[1]) return null
  const decoded = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? null : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}
