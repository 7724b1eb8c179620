/** What a carrier keeps to survive a crash: parts of texts that came in, and which texts may come again. */

/** A part of a long text from a phone, as it came. */
export interface TextPart {
  /** Tells long texts apart: who, to which number, by which reference, of how many parts. */
  key: string
  /** Phones use their references again: counts the texts that had this key. */
  generation: number
  part: number
  total: number
  person: string
  number: string
  /** What the carrier calls the part. */
  name: string
  dataCoding: number
  bytes: Uint8Array
  arrivedAt: Date
  /** When the text was handed on, whole or not; null while it waits. */
  doneAt: Date | null
}

/** Kept in transactions of its own; each promise resolves after commit. */
export interface CarrierMemory {
  /** Keeps a part; false when its place is taken. */
  keepPart(part: TextPart): Promise<boolean>
  partsOf(key: string): Promise<TextPart[]>
  /** The long texts that wait for parts. */
  waitingTexts(): Promise<Pick<TextPart, 'key' | 'generation' | 'person' | 'number'>[]>
  finishParts(key: string, generation: number, at: Date): Promise<void>
  /** Names of texts that may come again: those told to `doubt` since `after`, and all since the last `settle`. */
  doubtful(after: Date): Promise<string[]>
  doubt(names: string[], at: Date): Promise<void>
  /** These surely won't come again. */
  trust(names: string[]): Promise<void>
  /** All that came before was surely answered, but for what is told to be in doubt. */
  settle(at: Date): Promise<void>
  /** Forgets parts of texts that were handed on before, and what was told to `doubt` before. */
  forget(before: Date): Promise<void>
}
