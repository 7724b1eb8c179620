/** The numbers that an account has at a carrier, for one at which it had them before. */

/** The carrier did not do what it was asked; the message is a sentence for the operator. */
export class CarrierRefused extends Error {}

/** All throw `CarrierRefused`. */
export interface CarrierNumbers {
  list(): Promise<RemoteNumber[]>
  /** Lets texts to the number come here. */
  pointHere(number: RemoteNumber): Promise<void>
  /** Lets texts go again where they went; `before` is as `list` told it then. */
  putBack(before: Record<string, unknown>): Promise<void>
}

export interface RemoteNumber {
  number: string
  /** Where texts to it go, in the carrier's words; empty: nowhere. */
  pointsTo: string
  /** They come here. */
  isHere: boolean
  /** They come here, or would if this server were still where it was. */
  isOurs: boolean
  /** All that `putBack` needs. */
  before: Record<string, unknown>
}

/** A number at a carrier, as the account's owner sees it. */
export interface ListedNumber extends Pick<RemoteNumber, 'number' | 'pointsTo' | 'isHere'> {
  /** It was imported, and can be put back. */
  isImported: boolean
}

/** What the owner of an account may do with its numbers at a carrier, which is named by its id or its name. */
export interface NumberImports {
  /** Refuses `not_found` for a carrier that the account does not have or that has no numbers to import. */
  list(accountId: string, carrier: string): Promise<ListedNumber[]>
  /**
   * Points the texts of numbers here, all of the carrier's when `null`, after keeping where they went, and gives the
   * numbers to the account. Harmless for those that were imported before. Refuses `number_unknown` when the carrier does not
   * have one, and `number_taken` when another account here has it.
   */
  take(accountId: string, carrier: string, numbers: string[] | null): Promise<ListedNumber[]>
  /** Lets texts to a number go where they went before; the account keeps it. Refuses `number_unknown` when it was not imported. */
  putBack(accountId: string, carrier: string, number: string): Promise<void>
}
