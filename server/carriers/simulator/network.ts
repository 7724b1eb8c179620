import type {
  CarriedText,
  Debt,
  NetworkLog,
  PhoneText,
  ReceiptStep,
  ReceiptSubject,
  ReceiptsDue,
} from '../../domain/simulated-network.ts'
import { gather } from '../../kit/gather.ts'
import type { InboundText } from '../carrier.ts'

/** A batch this large writes in some ten milliseconds; its receipts, two a text, are one call of 1,000. */
const MAX_A_BATCH = 500
/** Pictures are large; what is written at once takes no second. */
const MAX_CHARACTERS_A_BATCH = 8_000_000

/** What becomes of a text that nothing ails. */
export const DELIVERED: ReceiptStep[] = [
  { status: 'sent', errorCode: null, carrierCode: null },
  { status: 'delivered', errorCode: null, carrierCode: null },
]

/** One text for the log, as each phone shows it (nothing when it is logged already), and what the network owes the house for it. */
export interface Entry {
  texts: PhoneText[]
  owed: OwedReceipts | OwedText | null
}

/** `dueAt` null: at once. A group text has receipts for each of its recipients. */
export interface OwedReceipts {
  kind: 'receipts'
  dueAt: Date | null
  told: { about: ReceiptSubject; steps: ReceiptStep[] }[]
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

/** What one batch writes: an entry, or a debt to be forgotten. */
type Written = { entry: Entry } | { settled: Debt }

/**
 * The network over its log. What arrives while a batch is being written makes the next batch; one batch at a time, so
 * that the log's order is the order in which texts came. `onDebt` hears of each new debt once, after its commit.
 */
export function openNetwork(deps: {
  log: NetworkLog
  ids: () => string
  now: () => Date
  onDebt: (debt: Debt) => void
}): Network {
  const { log, ids, now, onDebt } = deps
  const write = gather<Written, Debt | null>({
    maxBatch: MAX_A_BATCH,
    maxInFlight: 1,
    weigh: written => ('entry' in written ? charactersOf(written.entry) : 0),
    maxWeight: MAX_CHARACTERS_A_BATCH,
    // Texts are clean when they come here: what fails, fails because the log is away, and for all alike.
    isPoison: () => false,
    async run(batch) {
      const entries = batch.flatMap(written => ('entry' in written ? written.entry : []))
      const settled = batch.flatMap(written => ('settled' in written ? written.settled.id : []))
      const { debts, debtOf } = foldDebts(entries, ids, now())
      await log.append({ texts: entries.flatMap(entry => entry.texts), debts, settled })
      debts.forEach(onDebt)
      return batch.map(written => ('entry' in written && debtOf.get(written.entry)) || null)
    },
  })
  return {
    accept: entry => write({ entry }),
    settle: async settled => void (await write({ settled })),
    debts: log.debts,
  }
}

/** Of its pictures alone, each as a phone shows it and as the house is owed it. */
function charactersOf({ texts, owed }: Entry): number {
  const shown = texts.flatMap(text => text.mediaUrls).reduce((sum, url) => sum + url.length, 0)
  return owed?.kind === 'text' ? owed.text.media.reduce((sum, { bytes }) => sum + bytes.length, shown) : shown
}

/** Makes one debt of all receipts of texts that nothing ails, and one of all else that is owed; `debtOf` of texts of phones. */
function foldDebts(entries: Entry[], ids: () => string, now: Date): { debts: Debt[]; debtOf: Map<Entry, Debt> } {
  const debts: Debt[] = []
  const debtOf = new Map<Entry, Debt>()
  let plain: (Debt & { due: ReceiptsDue }) | undefined
  for (const entry of entries) {
    const { owed } = entry
    if (owed?.kind === 'text') {
      const due = { kind: 'texts' as const, texts: [toCarried(owed.text)], times: owed.times }
      const debt = { id: ids(), dueAt: owed.dueAt ?? now, due }
      debts.push(debt)
      debtOf.set(entry, debt)
    } else if (owed?.kind === 'receipts') {
      for (const { about, steps } of owed.told) {
        const isPlain = owed.dueAt === null && steps === DELIVERED
        const known = isPlain ? plain : undefined
        const debt = known ?? {
          id: ids(),
          dueAt: owed.dueAt ?? now,
          due: { kind: 'receipts' as const, about: [], steps },
        }
        if (!known) debts.push(debt)
        debt.due.about.push(about)
        if (isPlain) plain = debt
      }
    }
  }
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
