import type { Core } from '../../core/core.ts'
import type { AccountFeed, Stretch, Watch } from '../../core/feed/account-feed.ts'
import { type Happened, type Notice, noticesFor, type Telling, wantsTexts } from '../../core/subscriptions/notices.ts'
import type { Subscription } from '../../domain/subscription.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import { findChangedSessions } from '../../store/read/subscriptions.ts'
import type { Connection } from './connection.ts'
import { LIMITS } from './limits.ts'
import { readHappened } from './read-happened.ts'

interface Subscriber {
  connection: Connection
  subscription: Subscription
  /** Up to which version it was told everything. */
  through: number
}

/** What a recovered session missed, and up to which version that is all. */
export interface Missed {
  notices: Notice[]
  through: number
}

const KEY = 'account'

/**
 * The subscribers of one account on this node. What changes is read once and told to each; whoever comes late is told
 * first what the others know already. All of it happens one after another, so that nobody misses anything in between.
 */
export class Room {
  readonly #core: Core
  readonly #accountId: string
  readonly #queue = openKeyedQueue({ maxRunning: 1 })
  readonly #subscribers = new Map<Connection, Subscriber>()
  readonly #watching: Promise<Watch>
  #through = 0

  constructor(core: Core, feed: AccountFeed, accountId: string) {
    this.#core = core
    this.#accountId = accountId
    this.#watching = this.#queue.push(KEY, async () => {
      const watch = await feed.watch(accountId, stretch => this.#queue.push(KEY, () => this.#tellAll(stretch)))
      this.#through = watch.from
      return watch
    })
  }

  /** Resolves when changes are being watched; rejects when that can't be, and the room is of no use. */
  async opened(): Promise<void> {
    await this.#watching
  }

  get isEmpty(): boolean {
    return this.#subscribers.size === 0
  }

  /** Adds a connection that knows everything up to a version, and tells it what came after; or renews what it subscribed. */
  join(connection: Connection, subscription: Subscription, from: number): Promise<void> {
    return this.#queue.push(KEY, async () => {
      const known = this.#subscribers.get(connection)
      if (known?.subscription.id === subscription.id) {
        known.subscription = subscription
        return
      }
      const subscriber: Subscriber = { connection, subscription, through: from }
      await this.#catchUp(subscriber)
      this.#subscribers.set(connection, subscriber)
    })
  }

  leave(connection: Connection): void {
    this.#subscribers.delete(connection)
  }

  /** Watches no more; resolves when nothing is being read for it. */
  async close(): Promise<void> {
    await this.#watching.then(
      watch => watch.stop(),
      () => {},
    )
    await this.#queue.idle()
  }

  /** What a subscription missed after a version; null when that is more than a session may miss. */
  async missed(subscription: Subscription, after: number): Promise<Missed | null> {
    return this.#queue.push(KEY, async () => {
      const notices: Notice[] = []
      let through = after
      for (let parts = 0; through < this.#through; parts++) {
        if (parts === MAX_PARTS) return null
        const part = await this.#read(through, this.#through, wantsTexts(subscription))
        notices.push(...noticesFor(subscription, part, this.#telling(through)))
        if (notices.length > LIMITS.recoveryBufferSize) return null
        through = part.through
      }
      return { notices, through }
    })
  }

  async #catchUp(subscriber: Subscriber): Promise<void> {
    while (subscriber.through < this.#through) {
      this.#tell(subscriber, await this.#read(subscriber.through, this.#through, wantsTexts(subscriber.subscription)))
    }
    subscriber.connection.know(subscriber.through, true)
  }

  async #tellAll({ accountId, since, through }: Stretch): Promise<void> {
    for (const changed of await findChangedSessions(this.#core.db, accountId, { since, through })) this.#follow(changed)
    const withTexts = [...this.#subscribers.values()].some(({ subscription }) => wantsTexts(subscription))
    for (let from = Math.max(since, this.#through); from < through; from = this.#through) {
      const part = await this.#read(from, through, withTexts)
      for (const subscriber of this.#subscribers.values()) this.#tell(subscriber, part)
      this.#through = part.through
    }
  }

  #read(since: number, through: number, withTexts: boolean): Promise<Happened> {
    return readHappened(this.#core.db, { accountId: this.#accountId, since, through, withTexts })
  }

  #tell(subscriber: Subscriber, happened: Happened): void {
    const { connection, subscription } = subscriber
    const notices = noticesFor(subscription, happened, this.#telling(subscriber.through))
    for (const { envelope, version } of notices) connection.notify(envelope, version)
    subscriber.through = Math.max(subscriber.through, happened.through)
    connection.know(subscriber.through, true)
  }

  #telling(after: number): Telling {
    return { after, now: this.#core.clock.world(), origin: this.#core.publicUrl }
  }

  /** What somebody else changed: a subscription was ended or changed elsewhere, or its session taken over. */
  #follow(changed: Subscription): void {
    for (const [connection, subscriber] of this.#subscribers) {
      if (subscriber.subscription.id !== changed.id) continue
      if (changed.deletedAt) this.#subscribers.delete(connection)
      else if (changed.connectionId !== connection.who.connectionId) connection.yield()
      else subscriber.subscription = changed
    }
  }
}

/** More than this many thousands of changes are not read again for one who was away. */
const MAX_PARTS = 5
