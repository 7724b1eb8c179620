/** Where a text is in its life. Source: Twilio's message statuses; `unknown` is ours: it may or may not have been sent. */
export type SmsStatus =
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'received'
  | 'read'

/** Who made a text: a carrier (inbound), a program, an app's TwiML answer, a thread's fan-out, or Heddle itself. */
export type SmsOrigin = 'carrier' | 'api' | 'reply' | 'thread' | 'notice'

/** What the sender asked for one text, beyond what its columns say. */
export interface SmsSettings extends Record<string, unknown> {
  /** The number that was asked for, while the text is scheduled. */
  from?: string
  /** The body is forgotten when the text has come to its end. */
  forgetsBody?: true
  /** The body is not shown, though it may still be on its way. */
  hidesBody?: true
  /** Its sender means to say whether the text had its effect. */
  providesFeedback?: true
  /** The person's last digits are not shown. */
  hidesPerson?: true
  /** How long the text may wait for its carrier once its hour has come. */
  validForMs?: number
  /** The participants whom a group text is for. */
  recipientIds?: string[]
}

/** One SMS or MMS on the wire. An outbound one is its own queue entry while `nextAttemptAt` is set. */
export interface Sms {
  id: string
  direction: 'in' | 'out'
  origin: SmsOrigin
  person: string
  /** Ours; null while a pool has yet to choose. */
  number: string | null
  /** The other members of a group text. */
  others: string[] | null
  poolId: string | null
  threadId: string | null
  messageId: string | null
  /** The participant of the thread whom the text is for. */
  participantId: string | null
  status: SmsStatus
  body: string
  segments: number
  mediaCount: number
  carrier: string | null
  carrierMessageId: string | null
  errorCode: number | null
  errorMessage: string | null
  carrierCode: string | null
  statusCallback: string | null
  settings: SmsSettings | null
  /** Of its priority: lower ranks leave first. */
  rank: number
  attempts: number
  nextAttemptAt: Date | null
  validUntil: Date | null
  createdAt: Date
  listedAt: Date
  sentAt: Date | null
  updatedAt: Date
  version: number
  born: number
}
