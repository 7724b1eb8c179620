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
/** Some 20 MB. */
const MAX_ROWS = 100_000

/**
 * One node's acts of an account wait for each other here instead of in the database, which leaves the node alone with
 * the account for as long as no other writes it: so it remembers what it wrote last.
 */
export class AccountTurns {
  readonly #queue
  readonly #known = new Map<string, KnownAccount>()
  #rows = 0
  #failures = 0
  #lastFailure: unknown

  constructor({ maxRunning }: { maxRunning: number }) {
    this.#queue = openKeyedQueue({ maxRunning })
  }

  /**
   * Runs one act after another of the same account. When `run` throws what `isOutage` says is one, those that waited
   * meanwhile fail with it too: they would only meet it one by one.
   */
  take<T>(accountId: string, isOutage: (error: unknown) => boolean, run: () => Promise<T>): Promise<T> {
    const failuresBefore = this.#failures
    return this.#queue.push(accountId, async () => {
      if (this.#failures > failuresBefore) throw this.#lastFailure
      try {
        return await run()
      } catch (error) {
        if (isOutage(error)) {
          this.#failures += 1
          this.#lastFailure = error
        }
        throw error
      }
    })
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
