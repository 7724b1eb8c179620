import type { QueryResultRow } from 'pg'
import type { Call } from '../domain/call.ts'
import type { Sms } from '../domain/sms.ts'
import type { Subscription } from '../domain/subscription.ts'
import type { AccountSettings } from '../store/account-settings.ts'
import type { AddressRule } from '../store/addresses.ts'
import type { Changes } from '../store/changes.ts'
import type { Lookup } from '../store/lookup.ts'
import type { NumberRoute } from '../store/numbers.ts'
import type { Pair } from '../store/participants.ts'
import type { PoolRoute } from '../store/pools.ts'
import type { Service } from '../store/services.ts'
import type { AccountSenders } from './settings-cache.ts'
import type { ThreadEvent, UserEvent } from './threads/thread-events.ts'

/** One act under way: the account is locked, `now` stands still, and what is decided gathers in `changes`. */
export interface Act {
  readonly accountId: string
  readonly now: Date
  readonly changes: Changes
  /** The next value of the account's clock: the version of a row about to be written. */
  tick(): number
  /** Reads under the lock. `sql` is a constant of the store. */
  load<Row extends QueryResultRow>(sql: string, values: unknown[]): Promise<Row[]>
  /** Finds rows by their keys, from memory where they are known. They are shared: never to be changed. */
  lookUp<Row extends object>(lookup: Lookup<Row>, asked: object[]): Promise<Readonly<Row>[]>
  /** The account's own numbers among those asked. */
  numberRoutes(numbers: Iterable<string>): Promise<Map<string, NumberRoute>>
  /** The account's own pools among those asked. */
  poolRoutes(ids: Iterable<string>): Promise<Map<string, PoolRoute>>
  /** What the account's owner set for all its threads. */
  ownerSettings(): Promise<AccountSettings>
  /** The account's names, and its numbers that cannot be texted. */
  senders(): Promise<AccountSenders>
  /** The account's own services among those asked. */
  services(ids: Iterable<string>): Promise<Map<string, Service>>
  /** What happens to texts that reach these addresses of ours, where something is set. */
  addressRules(addresses: Iterable<string>): Promise<Map<string, AddressRule>>
  /** The account's subscriptions by webhook that are told; some may have run out by now. */
  webhooks(): Promise<readonly Subscription[]>
  /** Writes a text; one with `nextAttemptAt` is queued on its number's lane, or on the account's while it has none. */
  addSms(sms: Sms): void
  /** Queues a text that was written before on the lane of the number that it has now. */
  requeue(sms: Sms): void
  /** Writes a call and queues it on its lane. */
  addCall(call: Call): void
  /** Says what happened to a thread, for those who are told of it. */
  tell(event: ThreadEvent): void
  /** Says that a thread took a pair, which another one gave up for it in this act if it `isMoved`. */
  taken(pair: Pair, isMoved: boolean): void
  /** Says that a thread gave a pair back, and none has it now. */
  givenBack(pair: Pair): void
  /** Says what happened to a user. */
  tellOfUser(event: UserEvent): void
  /** Says that a row of the lane is due at that time. Rows added above say so themselves. */
  due(lane: string, at: Date): void
}
