import type { CarrierLedger, ImportedNumber } from '../../domain/carrier-ledger.ts'
import type { TwilioSettings } from '../../domain/twilio-settings.ts'
import { isAway } from '../../kit/database-away.ts'
import type { CarrierDoors } from '../carrier.ts'
import type { TwilioApi } from './api.ts'
import { comingOfList, type Intake } from './intake.ts'
import { dateOf, type ListedMessage, listMessages } from './message-list.ts'
import { receiptOf } from './statuses.ts'
import type { UnknownTexts } from './unknown-texts.ts'

/** How late a message may appear in the list. */
const OVERLAP_MS = 10 * 60_000
/** How long receipts of a text may come: its longest validity. */
const DEEP_OVERLAP_MS = 10 * 60 * 60_000
/** How long a text that cannot be taken is tried again. */
const GIVEN_UP_AFTER_MS = 24 * 60 * 60_000

export interface Reconciler {
  /**
   * Reads the account's list and does what it lacked here: texts from phones that never came in, oldest first; receipts;
   * what became of unknown texts. `isDeep` looks back as far as receipts may be missing. Resolves to whether unknown
   * texts remain that should be asked about again soon. Throws when the account or the house could not be reached.
   */
  look(asked: { isDeep: boolean }): Promise<boolean>
}

/** Fills the gaps between an account and the house; what is known on both sides stays as it is. */
export function openReconciler(deps: {
  settings: TwilioSettings
  api: TwilioApi
  ledger: CarrierLedger
  doors: CarrierDoors
  intake: Intake
  unknownTexts: UnknownTexts
  world(): Date
  isStopped(): boolean
  onError(error: unknown): void
}): Reconciler {
  const { settings, api, ledger, doors, intake, unknownTexts, world, isStopped, onError } = deps

  async function look({ isDeep }: { isDeep: boolean }): Promise<boolean> {
    const { through, madeAt } = await ledger.readThrough()
    const numbers = new Map((await ledger.importedNumbers()).map(number => [number.number, number]))
    const since = new Date(through.getTime() - (isDeep ? DEEP_OVERLAP_MS : OVERLAP_MS))
    let newest = through
    const missed: ListedMessage[] = []
    for await (const page of listMessages(api, { 'DateSent>': spell(since) })) {
      if (isStopped()) throw new Error('stopped')
      for (const message of page) if (dateOf(message) > newest) newest = dateOf(message)
      const fromPhones = page.filter(message => message.direction === 'inbound' && isForUs(message, madeAt, numbers))
      const missing = await ledger.missing(fromPhones.map(message => message.sid))
      missed.push(...fromPhones.filter(message => missing.has(message.sid)))
      await report(page.filter(message => message.direction !== 'inbound'))
    }
    const failed = await takeAll(missed.reverse())
    const isOpen = await unknownTexts.look()
    await ledger.keepReadThrough(failed && failed.at < newest ? failed.at : newest)
    if (failed) throw failed.error
    return isOpen
  }

  /** Takes texts one after another; the first that could not be taken and is not too old to be tried again. */
  async function takeAll(messages: ListedMessage[]): Promise<{ at: Date; error: unknown } | null> {
    let failed: { at: Date; error: unknown } | null = null
    for (const message of messages) {
      if (isStopped()) throw new Error('stopped')
      const coming = comingOfList(message, api, settings)
      const at = dateOf(message)
      try {
        if (coming) await intake.take(coming)
      } catch (error) {
        if (isAway(error)) throw error
        if (world().getTime() - at.getTime() < GIVEN_UP_AFTER_MS) failed ??= { at, error }
        else onError(error)
      }
    }
    return failed
  }

  async function report(messages: ListedMessage[]): Promise<void> {
    const unfinished = await ledger.unfinished(messages.map(message => message.sid))
    const receipts = messages
      .filter(message => unfinished.has(message.sid))
      .map(({ sid, from, status, error_code }) =>
        receiptOf({ sid, number: from ?? '', status, errorCode: error_code ?? null }),
      )
      .filter(receipt => receipt !== null)
    if (receipts.length > 0) await doors.report(receipts)
  }

  return { look }
}

/** What came before a number was pointed here, or after it was put back, is for whoever had it then. */
function isForUs(message: ListedMessage, madeAt: Date, numbers: Map<string, ImportedNumber>): boolean {
  const at = dateOf(message).getTime()
  const imported = numbers.get(message.to ?? '')
  if (at < wholeSecond(imported ? imported.importedAt : madeAt)) return false
  return !imported?.restoredAt || at < wholeSecond(imported.restoredAt)
}

/** The list tells whole seconds. */
function wholeSecond(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000
}

function spell(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}
