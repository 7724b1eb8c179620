import type { OptOutKind } from './opt-out.ts'

/** A text that reached one of our numbers, as a carrier tells it. */
export interface InboundText {
  /** The carrier's own id, unique for ever within the carrier; a repeat is answered as before and changes nothing. */
  carrierMessageId: string
  person: string
  /** Our number that it reached. */
  number: string
  /** The other members of a group text: persons and numbers of ours alike. */
  others: string[]
  body: string
  media: InboundMedia[]
  /** How many parts of a long text never came; none unless said. */
  missingParts?: number
  /** The keyword for which the carrier took it, where the carrier says so. */
  keyword?: OptOutKind
  /** The carrier answers keywords itself: whoever said one is not answered by us too. */
  isAnswered?: boolean
}

export interface InboundMedia {
  contentType: string
  fileName: string | null
  bytes: Uint8Array
}

/** A delivery receipt. */
export interface Receipt {
  carrierMessageId: string
  /** Whom it is about; unless said, all recipients of a group text. */
  person?: string
  /** It is about what the carrier was handed, which is one part of a text that it was handed in several. */
  mayBePart?: true
  /** Our number that the text left from: it names the account. */
  number: string
  status: 'sent' | 'delivered' | 'undelivered' | 'failed'
  /** One of the 30xxx codes. */
  errorCode: number | null
  /** The carrier's own word for it. */
  carrierCode: string | null
}
