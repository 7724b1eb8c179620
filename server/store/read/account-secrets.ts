import type { Clock } from '../../domain/clock.ts'
import type { Queryable } from '../../kit/queryable.ts'
import type { Seal } from '../../kit/seal.ts'
import { findAuthToken } from '../accounts.ts'

/** How long a node may go by a token that was changed elsewhere, in machine time. */
const REMEMBER_MS = 1000

/** Reads accounts' tokens, which sign their calls; each is remembered for a second. */
export function openAccountSecrets(db: Queryable, seal: Seal, clock: Clock): (accountId: string) => Promise<string> {
  const remembered = new Map<string, { token: Promise<string>; untilMs: number }>()
  return accountId => {
    const nowMs = clock.machineMs()
    const known = remembered.get(accountId)
    if (known && known.untilMs > nowMs) return known.token
    const token = readToken(accountId)
    remembered.set(accountId, { token, untilMs: nowMs + REMEMBER_MS })
    token.catch(() => remembered.delete(accountId))
    return token
  }

  async function readToken(accountId: string): Promise<string> {
    const found = await findAuthToken(db, accountId)
    if (!found) throw new Error(`No account ${accountId}`)
    return seal.open(found.authToken)
  }
}
