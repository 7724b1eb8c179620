/** What the house has written down of a carrier's texts, for carriers that can be asked what they carried. */

/** A text of ours that may or may not have been sent. */
export interface UnknownText {
  /** The one that its carrier was given. */
  reference: string
  number: string
  persons: string[]
  body: string
  createdAt: Date
  /** Since when nothing is known of it. */
  unknownSince: Date
}

/** What a carrier found out about such a text. */
export type Resolution =
  | { kind: 'taken'; carrierMessageId: string }
  /** It surely was never taken: it is sent again while its validity lasts. */
  | { kind: 'not_taken' }

/** A number whose texts were pointed here. Those that came before, or after it was put back, are none of ours. */
export interface ImportedNumber {
  number: string
  importedAt: Date
  restoredAt: Date | null
}

export interface CarrierLedger {
  /** Of these ids of texts from phones, those that the house does not have. */
  missing(carrierMessageIds: string[]): Promise<Set<string>>
  /** Of these ids, those of texts of ours that are neither delivered nor failed yet. */
  unfinished(carrierMessageIds: string[]): Promise<Set<string>>
  /** Of these ids, those of texts of ours. */
  ours(carrierMessageIds: string[]): Promise<Set<string>>
  /** The latest of them, some hundreds at most, the oldest first. */
  unknownTexts(): Promise<UnknownText[]>
  /** Changes nothing when the text is not unknown, or no longer. Resolves after commit. */
  resolve(reference: string, resolution: Resolution): Promise<void>
  importedNumbers(): Promise<ImportedNumber[]>
  /** Until when all was read, in the carrier's time, and since when it is a carrier of ours. */
  readThrough(): Promise<{ through: Date; madeAt: Date }>
  /** Never goes back. */
  keepReadThrough(at: Date): Promise<void>
}
