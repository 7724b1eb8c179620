export interface Turn {
  /** Resolves when all acts that took their turn before are over. */
  readonly come: Promise<void>
  /** To be called once, however the act ended. */
  over(): void
}

/**
 * Lets an account's acts hand on what they queued in the order of their commits. The answer to a commit may reach us
 * after the answer to the next one, which came by another connection; a text would then overtake the one before it.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Takes the next turn; to be asked while the account is locked, which makes the order of turns that of commits. */
  take(accountId: string): Turn {
    const come = this.#last.get(accountId) ?? NOW
    let over = () => {}
    const mine = new Promise<void>(resolve => {
      over = resolve
    })
    const last = come.then(() => mine)
    this.#last.set(accountId, last)
    void last.then(() => {
      if (this.#last.get(accountId) === last) this.#last.delete(accountId)
    })
    return { come, over }
  }
}

const NOW = Promise.resolve()
