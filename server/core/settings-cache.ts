import { loadNumberRoutes, type NumberRoute } from '../store/numbers.ts'
import type { AccountTransaction } from '../store/transaction.ts'

/** An account's settings as this node knows them, true for one config version. */
interface AccountSettings {
  version: number
  numbers: Map<string, NumberRoute | null>
}

/** Accounts whose settings a node keeps; the least recently used go first. */
const MAX_ACCOUNTS = 1000

/**
 * Keeps the settings that acts read most, so that a text costs no query for them. Asked under the account's lock
 * and checked against its config version, so it is never out of date.
 */
export class SettingsCache {
  readonly #accounts = new Map<string, AccountSettings>()

  /** The routes of the numbers that the account holds, by number; others are missing from the map. */
  async numberRoutes(
    accountId: string,
    tx: AccountTransaction,
    numbers: Iterable<string>,
  ): Promise<Map<string, NumberRoute>> {
    const known = this.#settings(accountId, tx.configVersion).numbers
    const asked = [...new Set(numbers)]
    const missing = asked.filter(number => !known.has(number))
    if (missing.length > 0) {
      const rows = await tx.load<NumberRoute>(loadNumberRoutes, [accountId, JSON.stringify(missing)])
      for (const number of missing) known.set(number, null)
      for (const row of rows) known.set(row.number, row)
    }
    const found = new Map<string, NumberRoute>()
    for (const number of asked) {
      const route = known.get(number)
      if (route) found.set(number, route)
    }
    return found
  }

  #settings(accountId: string, version: number): AccountSettings {
    const kept = this.#accounts.get(accountId)
    if (kept && kept.version === version) return kept
    const fresh: AccountSettings = { version, numbers: new Map() }
    this.#accounts.delete(accountId)
    this.#accounts.set(accountId, fresh)
    if (this.#accounts.size > MAX_ACCOUNTS) {
      const oldest = this.#accounts.keys().next().value
      if (oldest !== undefined) this.#accounts.delete(oldest)
    }
    return fresh
  }
}
