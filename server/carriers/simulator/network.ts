import type {
  CarriedText,
  Debt,
  NetworkLog,
  PhoneText,
  ReceiptStep,
  ReceiptsDue,
} from '../../domain/simulated-network.ts'
import { gather } from '../../kit/gather.ts'
import type { InboundText } from '../carrier.ts'

/** A batch this large writes in some ten milliseconds; its receipts, two a text, are one call of 1,000. */
const MAX_A_BATCH = 500

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
    // Texts are clean when they come here: what fails, fails because the log is away, and for all alike.
    isPoison: () => false,
    async run(batch) {
      const entries = batch.flatMap(written => ('entry' in written ? written.entry : []))
      const settled = batch.flatMap(written => ('settled' in written ? written.settled.id : []))
      const debtOf = foldDebts(entries, ids, now())
      const debts = [...new Set(debtOf.values())]
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

/** Makes one debt of all receipts of texts that nothing ails, and one of every other entry that owes something. */
function foldDebts(entries: Entry[], ids: () => string, now: Date): Map<Entry, Debt> {
  const debtOf = new Map<Entry, Debt>()
  let plain: (Debt & { due: ReceiptsDue }) | undefined
  for (const entry of entries) {
    const { owed } = entry
    if (owed?.kind === 'text') {
      const due = { kind: 'texts' as const, texts: [toCarried(owed.text)], times: owed.times }
      debtOf.set(entry, { id: ids(), dueAt: owed.dueAt ?? now, due })
    } else if (owed?.kind === 'receipts') {
      const isPlain = owed.dueAt === null && owed.steps === DELIVERED
      const known = isPlain ? plain : undefined
      const debt = known ?? {
        id: ids(),
        dueAt: owed.dueAt ?? now,
        due: { kind: 'receipts' as const, about: [], steps: owed.steps },
      }
      debt.due.about.push({ carrierMessageId: owed.carrierMessageId, number: owed.number })
      debtOf.set(entry, debt)
      if (isPlain) plain = debt
    }
  }
  return debtOf
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
