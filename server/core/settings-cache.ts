import type { Subscription } from '../domain/subscription.ts'
import { loadAccountSettings, type AccountSettings as OwnerSettings } from '../store/account-settings.ts'
import { type AddressRule, loadAddressRules } from '../store/addresses.ts'
import { loadNumberRoutes, loadTextlessNumbers, type NameRoute, type NumberRoute } from '../store/numbers.ts'
import { loadNames } from '../store/pool-senders.ts'
import { loadPoolRoutes, type PoolRoute } from '../store/pools.ts'
import { loadServices, type Service } from '../store/services.ts'
import { loadActiveWebhooks } from '../store/subscriptions.ts'
import type { AccountTransaction } from '../store/transaction.ts'

/** What an account sends by besides its numbers, and its numbers that nobody can text. */
export interface AccountSenders {
  names: readonly Readonly<NameRoute>[]
  textless: ReadonlySet<string>
}

/** An account's settings as this node knows them, true for one config version. */
interface AccountSettings {
  version: number
  numbers: Map<string, NumberRoute | null>
  pools: Map<string, PoolRoute | null>
  services: Map<string, Service | null>
  addressRules: Map<string, AddressRule | null>
  owner: OwnerSettings | null
  senders: AccountSenders | null
  webhooks: Subscription[] | null
}

/** Accounts whose settings a node keeps; the least recently used go first. */
const MAX_ACCOUNTS = 1000
/** Of one kind and account, absent ones included: more than any account has, and programs may ask for what none has. */
const MAX_KEPT = 50_000

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
    return lookUp(known, numbers, async missing => {
      const rows = await tx.load<NumberRoute>(loadNumberRoutes, [accountId, JSON.stringify(missing)])
      for (const row of rows) known.set(row.number, row)
    })
  }

  /** The account's pools of these ids, by id; others are missing from the map. */
  async poolRoutes(accountId: string, tx: AccountTransaction, ids: Iterable<string>): Promise<Map<string, PoolRoute>> {
    const known = this.#settings(accountId, tx.configVersion).pools
    return lookUp(known, ids, async missing => {
      const rows = await tx.load<PoolRoute>(loadPoolRoutes, [accountId, JSON.stringify(missing)])
      for (const row of rows) known.set(row.id, row)
    })
  }

  /** The account's services of these ids, by id; others are missing from the map. */
  async services(accountId: string, tx: AccountTransaction, ids: Iterable<string>): Promise<Map<string, Service>> {
    const known = this.#settings(accountId, tx.configVersion).services
    return lookUp(known, ids, async missing => {
      const rows = await tx.load<Service>(loadServices, [accountId, JSON.stringify(missing)])
      for (const row of rows) known.set(row.id, row)
    })
  }

  /** The rules of these addresses, by address; those without one are missing from the map. */
  async addressRules(
    accountId: string,
    tx: AccountTransaction,
    addresses: Iterable<string>,
  ): Promise<Map<string, AddressRule>> {
    const known = this.#settings(accountId, tx.configVersion).addressRules
    return lookUp(known, addresses, async missing => {
      const rows = await tx.load<AddressRule>(loadAddressRules, [accountId, JSON.stringify(missing)])
      for (const row of rows) known.set(row.address, row)
    })
  }

  /** What is known now of a number (null: not the account's) and of its account, without asking; null when that is nothing. */
  peek(accountId: string, number: string): { number: NumberRoute | null; owner: OwnerSettings } | null {
    const kept = this.#accounts.get(accountId)
    const route = kept?.numbers.get(number)
    return kept?.owner && route !== undefined ? { number: route, owner: kept.owner } : null
  }

  /** What the account's owner set for all its threads. */
  async owner(accountId: string, tx: AccountTransaction): Promise<OwnerSettings> {
    const kept = this.#settings(accountId, tx.configVersion)
    if (kept.owner) return kept.owner
    const [row] = await tx.load<{ settings: OwnerSettings }>(loadAccountSettings, [accountId])
    kept.owner = row?.settings ?? {}
    return kept.owner
  }

  /** The account's subscriptions by webhook that are told; some may have run out by now. */
  async webhooks(accountId: string, tx: AccountTransaction): Promise<readonly Subscription[]> {
    const kept = this.#settings(accountId, tx.configVersion)
    kept.webhooks ??= await tx.load<Subscription>(loadActiveWebhooks, [accountId])
    return kept.webhooks
  }

  /** The account's names, oldest first, and its numbers that cannot be texted. */
  async senders(accountId: string, tx: AccountTransaction): Promise<AccountSenders> {
    const kept = this.#settings(accountId, tx.configVersion)
    if (kept.senders) return kept.senders
    const names = await tx.load<NameRoute>(loadNames, [accountId])
    const textless = await tx.load<{ number: string }>(loadTextlessNumbers, [accountId])
    kept.senders = { names, textless: new Set(textless.map(({ number }) => number)) }
    return kept.senders
  }

  #settings(accountId: string, version: number): AccountSettings {
    const kept = this.#accounts.get(accountId)
    if (kept && kept.version === version) return kept
    const fresh: AccountSettings = {
      version,
      numbers: new Map(),
      pools: new Map(),
      services: new Map(),
      addressRules: new Map(),
      owner: null,
      senders: null,
      webhooks: null,
    }
    this.#accounts.delete(accountId)
    this.#accounts.set(accountId, fresh)
    if (this.#accounts.size > MAX_ACCOUNTS) {
      const oldest = this.#accounts.keys().next().value
      if (oldest !== undefined) this.#accounts.delete(oldest)
    }
    return fresh
  }
}

/** What is asked, from memory; what is missing there is read first, and remembered as absent when it is not found. */
async function lookUp<Value>(
  known: Map<string, Value | null>,
  asked: Iterable<string>,
  read: (missing: string[]) => Promise<void>,
): Promise<Map<string, Value>> {
  const keys = [...new Set(asked)]
  if (known.size + keys.length > MAX_KEPT) known.clear()
  const missing = keys.filter(key => !known.has(key))
  if (missing.length > 0) {
    await read(missing)
    for (const key of missing) if (!known.has(key)) known.set(key, null)
  }
  const found = new Map<string, Value>()
  for (const key of keys) {
    const value = known.get(key)
    if (value) found.set(key, value)
  }
  return found
}
