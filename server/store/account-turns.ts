import { openKeyedQueue } from '../kit/keyed-queue.ts'

/** An account's clock, with the version of the last change to settings that nodes keep in memory. */
export interface AccountClock {
  readonly clock: number
  readonly configVersion: number
}

/** The least recently written accounts are forgotten first; a forgotten one costs its next act a lock. */
const MAX_KNOWN = 10_000

/**
 * One node's acts of an account wait for each other here instead of in the database, which leaves the node alone with
 * the account for as long as no other writes it: so it remembers the clock that it wrote last.
 */
export class AccountTurns {
  readonly #queue
  readonly #clocks = new Map<string, AccountClock>()
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

  /** The clock that this node wrote last, given once: who takes it says what it became. */
  takeClock(accountId: string): AccountClock | undefined {
    const clock = this.#clocks.get(accountId)
    this.#clocks.delete(accountId)
    return clock
  }

  remember(accountId: string, clock: AccountClock): void {
    this.#clocks.set(accountId, clock)
    if (this.#clocks.size > MAX_KNOWN) {
      const oldest = this.#clocks.keys().next().value
      if (oldest !== undefined) this.#clocks.delete(oldest)
    }
  }
}
