/**
 * The port between Heddle and whatever takes its texts: the simulator, an SMPP account, an HTTP gateway.
 * A carrier is given `receive` and `report` by main and knows nothing of the store.
 */
import type { FastifyInstance } from 'fastify'
import type { CarrierHealth } from '../domain/carrier-health.ts'
import type { CarrierMemory } from '../domain/carrier-memory.ts'
import type { CarrierNumbers } from '../domain/carrier-numbers.ts'
import type { Clock } from '../domain/clock.ts'
import type { InboundText, Receipt } from '../domain/inbound-text.ts'
import type { HttpClient } from '../kit/http-client.ts'

export type { InboundMedia, InboundText, Receipt } from '../domain/inbound-text.ts'

/** A text on its way out, as delivery hands it to a carrier. `reference` is an opaque token that a carrier may pass on. */
export interface OutboundText {
  reference: string
  number: string
  /** One recipient; several make a group text. */
  persons: string[]
  body: string
  media: OutboundMedia[]
}

export interface OutboundMedia {
  contentType: string
  /** Where the recipient's network may fetch it. */
  url: string
  size: number
}

/** Why a carrier took no text: it has enough for the moment and is to be given fewer, or it takes none at all. */
export type RetryReason = 'busy' | 'away'

export type SendResult =
  /** A text that went in parts has an id for each; it is delivered when all of them are. */
  | { kind: 'taken'; carrierMessageId: string; otherPartIds?: string[] }
  /**
   * Refused for good: `errorCode` is one of the 30xxx codes, `carrierCode` the carrier's own word for it. `takenPartIds`:
   * of a text that goes in parts, the ids of those that were taken before; they may yet have receipts.
   */
  | { kind: 'refused'; errorCode: number; carrierCode: string; message: string; takenPartIds?: string[] }
  /** Not taken now and surely not sent: worth another try. Unless said, it is only this text that has to wait. */
  | { kind: 'retry'; why?: RetryReason; carrierCode: string; message: string; afterMs?: number }
  /**
   * The link broke while it was under way: it may or may not have been sent. `takenPartIds`: it goes in parts, of which
   * these were taken, maybe none; not all of them were.
   */
  | { kind: 'unknown'; message: string; takenPartIds?: string[] }

/** What became of an inbound text: its id (a UUID) once committed, or why there is nothing. */
export type Received = { kind: 'kept'; smsId: string; repeated: boolean } | { kind: 'unknown_number' }

export interface CarrierDoors {
  /** Resolves after commit; a carrier acknowledges only then. */
  receive(text: InboundText): Promise<Received>
  /** Resolves after commit. Unknown ids are parked until the submit response that names them. */
  report(receipts: Receipt[]): Promise<void>
}

export interface Carrier {
  readonly id: string
  /** Calls of `send` that may be under way at a time; few unless said, so that texts go in batches. Infinity: one for each text. */
  readonly batchesAtOnce?: number
  /** How many texts it can have under way now; delivery keeps those over it in the queue. Some hundreds unless said. */
  mayHold?(): number
  health?(): CarrierHealth
  /**
   * Registers what the carrier's network calls, once, before the server listens: paths are relative to `callbackUrl`,
   * bodies come as they were sent (`bodyOf` reads them), and what is thrown is answered 503 or 500.
   */
  mount?(scope: FastifyInstance): void
  /** For a carrier at which the account had its numbers before. */
  readonly numbers?: CarrierNumbers
  start(): Promise<void>
  stop(): Promise<void>
  /** One result per text, in the order given. Never throws for a single text. */
  send(texts: OutboundText[]): Promise<SendResult[]>
}

/** What every carrier of an account is given. */
export interface CarrierOptions {
  id: string
  doors: CarrierDoors
  memory: CarrierMemory
  clock: Clock
  client: HttpClient
  /** Where what the carrier mounts is found from outside, without a slash at its end. Known once the server listens. */
  callbackUrl(): string
  /** New ids, UUIDs. */
  ids(): string
  /** Hears of what failed and will be tried again. */
  onError(error: unknown): void
  /** Hears what the operator should know. */
  onNotice(message: string): void
}
