import { concernsOneAct, isAway } from '../kit/database-away.ts'
import { openKeyedQueue } from '../kit/keyed-queue.ts'
import type { RowMemory } from './row-memory.ts'

/** What a node knows of an account that it wrote last: true for as long as the account's clock is this one. */
export interface KnownAccount {
  readonly clock: number
  /** The version of the last change to settings that nodes keep in memory. */
  readonly configVersion: number
  readonly rows: RowMemory
}

/** The accounts whose last act is longest ago are forgotten first; a forgotten one costs its next act a lock and reads. */
const MAX_ACCOUNTS = 10_000
/** Outages of single accounts that are kept: those who waited for longer meet them by themselves. */
const MAX_OUTAGES = 1000
/** Some 20 MB. */
const MAX_ROWS = 100_000

interface Outage {
  error: unknown
}

/**
 * One node's acts of an account wait for each other here instead of in the database, which leaves the node alone with
 * the account for as long as no other writes it: so it remembers what it wrote last.
 */
export class AccountTurns {
  readonly #queue
  readonly #known = new Map<string, KnownAccount>()
  #rows = 0
  /** The last outage that concerned all, and those that concerned one account. */
  #outage: Outage | undefined
  readonly #outages = new Map<string, Outage>()

  constructor({ maxRunning }: { maxRunning: number }) {
    this.#queue = openKeyedQueue({ maxRunning })
  }

  /**
   * Runs one act after another of the same account. When the server is away, those that waited meanwhile fail with it too:
   * they would only meet it one by one. What may concern one act alone fails those of its account.
   */
  take<T>(accountId: string, run: () => Promise<T>): Promise<T> {
    const before = [this.#outage, this.#outages.get(accountId)]
    return this.#queue.push(accountId, async () => {
      for (const outage of [this.#outage, this.#outages.get(accountId)]) {
        if (outage && !before.includes(outage)) throw outage.error
      }
      try {
        return await run()
      } catch (error) {
        if (isAway(error)) this.#note(accountId, error)
        throw error
      }
    })
  }

  #note(accountId: string, error: unknown): void {
    if (!concernsOneAct(error)) {
      this.#outage = { error }
      return
    }
    this.#outages.delete(accountId)
    this.#outages.set(accountId, { error })
    for (const oldest of this.#outages.keys()) {
      if (this.#outages.size <= MAX_OUTAGES) return
      this.#outages.delete(oldest)
    }
  }

  /** What is known of an account, given once: who takes it says what became of it. */
  takeKnown(accountId: string): KnownAccount | undefined {
    const known = this.#known.get(accountId)
    this.#known.delete(accountId)
    this.#rows -= known?.rows.size ?? 0
    return known
  }

  remember(accountId: string, known: KnownAccount): void {
    this.#known.set(accountId, known)
    this.#rows += known.rows.size
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_ACCOUNTS && this.#rows <= MAX_ROWS) return
      this.takeKnown(oldest)
    }
  }
}
