/**
 * The port between Heddle and whatever takes its texts: the simulator, an SMPP account, an HTTP gateway.
 * A carrier is given `receive` and `report` by main and knows nothing of the store.
 */

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

export type SendResult =
  | { kind: 'taken'; carrierMessageId: string }
  /** Refused for good: `errorCode` is one of the 30xxx codes, `carrierCode` the carrier's own word for it. */
  | { kind: 'refused'; errorCode: number; carrierCode: string; message: string }
  /** Not taken now and surely not sent: worth another try. */
  | { kind: 'retry'; carrierCode: string; message: string; afterMs?: number }
  /** The link broke while it was under way: it may or may not have been sent. */
  | { kind: 'unknown'; message: string }

/** A text that reached one of our numbers. */
export interface InboundText {
  /** The carrier's own id, unique for ever within the carrier; a repeat is answered as before and changes nothing. */
  carrierMessageId: string
  person: string
  /** Our number that it reached; several numbers or other persons make a group text. */
  number: string
  others: string[]
  body: string
  media: InboundMedia[]
}

export interface InboundMedia {
  contentType: string
  fileName: string | null
  bytes: Uint8Array
}

/** What became of an inbound text: its id (a UUID) once committed, or why there is nothing. */
export type Received = { kind: 'kept'; smsId: string; repeated: boolean } | { kind: 'unknown_number' }

/** A delivery receipt. */
export interface Receipt {
  carrierMessageId: string
  /** Our number that the text left from: it names the account. */
  number: string
  status: 'sent' | 'delivered' | 'undelivered' | 'failed'
  errorCode: number | null
  carrierCode: string | null
}

export interface CarrierDoors {
  /** Resolves after commit; a carrier acknowledges only then. */
  receive(text: InboundText): Promise<Received>
  /** Resolves after commit. Unknown ids are parked until the submit response that names them. */
  report(receipts: Receipt[]): Promise<void>
}

export interface Carrier {
  readonly id: string
  start(): Promise<void>
  stop(): Promise<void>
  /** One result per text, in the order given. Never throws for a single text. */
  send(texts: OutboundText[]): Promise<SendResult[]>
}
