/**
 * What the simulated network writes down: the texts its phones show, and what it still owes the house.
 * The words are the wire's (sender, recipients), since the network is outside.
 */
import type { InboundText, Receipt } from './inbound-text.ts'

/** A text as one phone shows it. */
export interface PhoneText {
  phone: string
  direction: 'sent' | 'received'
  /** The number of ours on the other side. */
  number: string
  sender: string
  recipients: string[]
  body: string
  mediaUrls: string[]
  /** World time; a delayed text's lies ahead, and its phone does not show it before. */
  at: Date
  carrierMessageId: string
}

/** Something to tell the house at `dueAt` (world time), kept until the house has acknowledged it. */
export interface Debt {
  id: string
  dueAt: Date
  due: ReceiptsDue | TextsDue
}

/** Receipts: every text of `about` gets every step, in order. */
export interface ReceiptsDue {
  kind: 'receipts'
  about: ReceiptSubject[]
  steps: ReceiptStep[]
}

/** A text, or one recipient of a group text. */
export type ReceiptSubject = Pick<Receipt, 'carrierMessageId' | 'number' | 'person'>

export type ReceiptStep = Omit<Receipt, keyof ReceiptSubject>

/** Texts from phones, each to be delivered `times` times. */
export interface TextsDue {
  kind: 'texts'
  texts: CarriedText[]
  times: number
}

/** A text from a phone, in a form that goes into JSON. */
export type CarriedText = Omit<InboundText, 'media'> & {
  media: { contentType: string; fileName: string | null; base64: string }[]
}

/** What is written to the log at once; `settled` are ids of debts. */
export interface LogEntries {
  texts: PhoneText[]
  debts: Debt[]
  settled: string[]
}

/** Where the network keeps its log, in transactions of its own. */
export interface NetworkLog {
  /**
   * Keeps texts and debts and forgets debts that were acknowledged, in one transaction, in the order given. A text that
   * its phone logged before (same phone, number and carrier message id) is not logged again, nor is a debt of the same id.
   */
  append(added: LogEntries): Promise<void>
  /** All that is owed, what is due first coming first; of one moment, in the order of appending. */
  debts(): Promise<Debt[]>
  /** The numbers that a phone has ever exchanged texts with. */
  numbersSeenBy(phone: string): Promise<string[]>
  /** What a phone shows at `until` of its texts with these numbers, oldest first. */
  textsOf(phone: string, numbers: string[], until: Date): Promise<PhoneText[]>
}
