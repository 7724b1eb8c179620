import type { CarriedText, Debt, NetworkLog, PhoneText, ReceiptStep } from '../../domain/simulated-network.ts'
import { gather } from '../../kit/gather.ts'
import type { InboundText } from '../carrier.ts'

/** A batch this large writes in some ten milliseconds; its receipts, two a text, are one call of 1,000. */
const MAX_TEXTS_A_BATCH = 500
const MAX_SETTLED_A_BATCH = 1000

/** What becomes of a text that nothing ails. */
export const DELIVERED: ReceiptStep[] = [
  { status: 'sent', errorCode: null, carrierCode: null },
  { status: 'delivered', errorCode: null, carrierCode: null },
]

/** One text for the log, as each phone shows it, and what the network owes the house for it. */
export interface Entry {
  texts: PhoneText[]
  owed: OwedReceipts | OwedText | null
}

/** `dueAt` null: at once. */
export interface OwedReceipts {
  kind: 'receipts'
  dueAt: Date | null
  carrierMessageId: string
  number: string
  steps: ReceiptStep[]
}

export interface OwedText {
  kind: 'text'
  dueAt: Date | null
  text: InboundText
  times: number
}

export interface Network {
  /** Resolves once the log holds the entry, with the debt that covers it (null when nothing is owed). Keeps the order of calls. */
  accept(entry: Entry): Promise<Debt | null>
  /** Forgets a debt that the house acknowledged. */
  settle(debt: Debt): Promise<void>
  debts(): Promise<Debt[]>
}

/**
 * The network over its log. Entries that arrive while a batch is being written make the next batch; one batch at a
 * time, so that the log's order is the order in which texts came. `onDebt` hears of each new debt once, after its commit.
 */
export function openNetwork(deps: {
  log: NetworkLog
  ids: () => string
  now: () => Date
  onDebt: (debt: Debt) => void
}): Network {
  const { log, ids, now, onDebt } = deps
  // Texts are clean when they come here: what fails, fails because the log is away, and for all alike.
  const isPoison = () => false
  const accept = gather<Entry, Debt | null>({
    maxBatch: MAX_TEXTS_A_BATCH,
    maxInFlight: 1,
    isPoison,
    async run(entries) {
      const { debts, debtOf } = foldDebts(entries, ids, now())
      await log.append(
        entries.flatMap(entry => entry.texts),
        debts,
      )
      debts.forEach(onDebt)
      return debtOf
    },
  })
  const settle = gather<Debt, undefined>({
    maxBatch: MAX_SETTLED_A_BATCH,
    maxInFlight: 1,
    isPoison,
    async run(debts) {
      await log.settle(debts.map(debt => debt.id))
      return debts.map(() => undefined)
    },
  })
  return { accept, settle, debts: log.debts }
}

/** Makes one debt of all that nothing ails, for receipts and for texts each, and one of every other entry. */
function foldDebts(entries: Entry[], ids: () => string, now: Date): { debts: Debt[]; debtOf: (Debt | null)[] } {
  const debts: Debt[] = []
  const open = (dueAt: Date | null, due: Debt['due']): Debt => {
    const debt = { id: ids(), dueAt: dueAt ?? now, due }
    debts.push(debt)
    return debt
  }
  let plainReceipts: Debt | undefined
  let plainTexts: Debt | undefined
  const debtOf = entries.map(({ owed }) => {
    if (owed === null) return null
    if (owed.kind === 'receipts') {
      const about = { carrierMessageId: owed.carrierMessageId, number: owed.number }
      const isPlain = owed.dueAt === null && owed.steps === DELIVERED
      if (isPlain && plainReceipts?.due.kind === 'receipts') {
        plainReceipts.due.about.push(about)
        return plainReceipts
      }
      const debt = open(owed.dueAt, { kind: 'receipts', about: [about], steps: owed.steps })
      if (isPlain) plainReceipts = debt
      return debt
    }
    const isPlain = owed.dueAt === null && owed.times === 1
    if (isPlain && plainTexts?.due.kind === 'texts') {
      plainTexts.due.texts.push(toCarried(owed.text))
      return plainTexts
    }
    const debt = open(owed.dueAt, { kind: 'texts', texts: [toCarried(owed.text)], times: owed.times })
    if (isPlain) plainTexts = debt
    return debt
  })
  return { debts, debtOf }
}

function toCarried(text: InboundText): CarriedText {
  if (text.media.length === 0) return { ...text, media: [] }
  const media = text.media.map(({ contentType, fileName, bytes }) => ({
    contentType,
    fileName,
    base64: Buffer.from(bytes).toString('base64'),
  }))
  return { ...text, media }
}

/** The text of a debt, as the house takes it. */
export function fromCarried(text: CarriedText): InboundText {
  const media = text.media.map(({ contentType, fileName, base64 }) => ({
    contentType,
    fileName,
    bytes: Buffer.from(base64, 'base64'),
  }))
  return { ...text, media }
}
