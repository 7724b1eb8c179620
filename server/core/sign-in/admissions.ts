import { randomBytes } from 'node:crypto'

/** Whom a connection was opened for, once its ticket had been checked. */
export interface Admitted {
  accountId: string
  /** The OAuth session: when it ends, so does the admission. */
  oauthSessionId: string
  /** The WebSocket's session, and this very connection. */
  sessionId: string
  connectionId: string
}

/**
 * Lets requests in that come over a connection whose user is known already: each has a token of its own that counts on
 * this node, as long as the connection stands, in place of an access token. The OAuth session behind it is still looked
 * up for each request.
 */
export class Admissions {
  readonly #admitted = new Map<string, Admitted>()

  /** A token that nobody can guess and nobody else is shown. */
  admit(who: Admitted): string {
    const token = `socket.${randomBytes(32).toString('base64url')}`
    this.#admitted.set(token, who)
    return token
  }

  dismiss(token: string): void {
    this.#admitted.delete(token)
  }

  find(token: string): Admitted | null {
    return this.#admitted.get(token) ?? null
  }
}
