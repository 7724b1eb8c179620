import type { Core } from '../../core/core.ts'
import type { AccountFeed } from '../../core/feed/account-feed.ts'
import { keepSessions, releaseSessions, standingSignIns } from '../../core/subscriptions/socket-sessions.ts'
import type { Subscription } from '../../domain/subscription.ts'
import { groupBy } from '../../kit/group-by.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { findSessionSubscription } from '../../store/read/subscriptions.ts'
import type { Connection } from './connection.ts'
import { LIMITS } from './limits.ts'
import { Room } from './room.ts'

/** All connections of this node, and who among them subscribed to what. */
export class Hub {
  readonly #core: Core
  readonly #feed: AccountFeed
  readonly #onError: (error: unknown) => void
  readonly #connections = new Set<Connection>()
  readonly #rooms = new Map<string, Room>()
  readonly #turns = openKeyedQueue({ maxRunning: Number.POSITIVE_INFINITY })

  constructor(core: Core, feed: AccountFeed, onError: (error: unknown) => void) {
    this.#core = core
    this.#feed = feed
    this.#onError = onError
  }

  get size(): number {
    return this.#connections.size
  }

  /** Whether one more connection of a sign-in is too many. */
  isFull(oauthSessionId: string): boolean {
    let count = 0
    for (const { who } of this.#connections) if (who.oauthSessionId === oauthSessionId) count += 1
    return count >= LIMITS.maxConnectionsPerSession
  }

  add(connection: Connection): void {
    for (const other of this.#connections) {
      if (other.who.sessionId === connection.who.sessionId) other.yield()
    }
    this.#connections.add(connection)
  }

  /** A connection is gone: its session may be recovered for a while. */
  async remove(connection: Connection): Promise<void> {
    if (!this.#connections.delete(connection)) return
    const { accountId, connectionId } = connection.who
    this.#leave(connection)
    await releaseSessions(this.#core, accountId, [connectionId])
  }

  /** What a connection is told of is changed by one at a time: who looks last must not be overtaken by a look before. */
  inTurn(connection: Connection, task: () => Promise<void>): Promise<void> {
    return this.#turns.push(connection.who.connectionId, task)
  }

  /** Follows what a connection's session has subscribed by now. */
  refresh(connection: Connection): Promise<void> {
    return this.inTurn(connection, () => this.#follow(connection))
  }

  async #follow(connection: Connection): Promise<void> {
    const { accountId, sessionId, connectionId } = connection.who
    const found = await findSessionSubscription(this.#core.db, accountId, sessionId)
    if (found?.connectionId !== connectionId) {
      connection.know(0, false)
      return this.#leave(connection)
    }
    await this.join(connection, found, found.version)
  }

  /** From now on the connection is told of all that came after a version. */
  async join(connection: Connection, subscription: Subscription, from: number): Promise<void> {
    const room = await this.room(connection.who.accountId)
    await room.join(connection, subscription, from)
    if (!this.#connections.has(connection)) this.#leave(connection)
  }

  /** The room of an account, watching. */
  async room(accountId: string): Promise<Room> {
    const kept = this.#rooms.get(accountId)
    const room = kept ?? new Room(this.#core, this.#feed, accountId)
    this.#rooms.set(accountId, room)
    try {
      await room.opened()
    } catch (error) {
      if (this.#rooms.get(accountId) === room) this.#rooms.delete(accountId)
      throw error
    }
    return room
  }

  /** Lets go who is idle, lost or signed out, and says of the others that they stand. */
  async sweep(): Promise<void> {
    for (const connection of this.#connections) connection.check()
    for (const [accountId, connections] of groupBy(this.#connections, ({ who }) => who.accountId)) {
      const signIns = [...new Set(connections.map(({ who }) => who.oauthSessionId))]
      const standing = await standingSignIns(this.#core, accountId, signIns)
      const [stay, go] = [true, false].map(wanted =>
        connections.filter(({ who }) => standing.has(who.oauthSessionId) === wanted),
      )
      for (const connection of go ?? []) connection.fail('OAU-213', 'Token not found')
      await keepSessions(this.#core, accountId, (stay ?? []).map(connectionIdOf))
    }
    for (const [accountId, room] of this.#rooms) {
      if (!room.isEmpty || this.#isThere(accountId)) continue
      this.#rooms.delete(accountId)
      void room.close()
    }
  }

  /** Ends all connections; their clients may recover their sessions from another node, or this one when it is back. */
  async stop(): Promise<void> {
    const connections = [...this.#connections]
    this.#connections.clear()
    const closing = [...this.#rooms.values()].map(room => room.close())
    for (const connection of connections) connection.leave()
    for (const [accountId, ofAccount] of groupBy(connections, ({ who }) => who.accountId)) {
      await releaseSessions(this.#core, accountId, ofAccount.map(connectionIdOf)).catch(this.#onError)
    }
    await Promise.all(closing)
  }

  #leave(connection: Connection): void {
    this.#rooms.get(connection.who.accountId)?.leave(connection)
  }

  #isThere(accountId: string): boolean {
    for (const { who } of this.#connections) if (who.accountId === accountId) return true
    return false
  }
}

function connectionIdOf({ who }: Connection): string {
  return who.connectionId
}
