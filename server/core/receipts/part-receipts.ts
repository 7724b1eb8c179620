import type { Receipt } from '../../domain/inbound-text.ts'
import { loadSmsParts, type SmsPart, updateSmsPart } from '../../store/sms-parts.ts'
import type { Act } from '../step.ts'
import type { ProgressStep } from './progress.ts'
import { receiptStep } from './receipt-step.ts'

/** The parts of texts that left in several: such a text is delivered when all its parts are, and failed when one is. */
export class PartReceipts {
  readonly #parts: Map<string, SmsPart[]>

  private constructor(parts: Map<string, SmsPart[]>) {
    this.#parts = parts
  }

  static async load(step: Act, smsIds: Iterable<string>): Promise<PartReceipts> {
    const ids = [...new Set(smsIds)]
    const rows = ids.length > 0 ? await step.load<SmsPart>(loadSmsParts, [step.accountId, JSON.stringify(ids)]) : []
    const parts = new Map<string, SmsPart[]>()
    for (const row of rows) parts.set(row.smsId, [...(parts.get(row.smsId) ?? []), row])
    return new PartReceipts(parts)
  }

  /** What receipts, in order, say of their text; which parts were delivered is written. */
  hear(step: Act, smsId: string, receipts: Receipt[]): ProgressStep[] {
    const parts = this.#parts.get(smsId)
    if (!parts) return receipts.map(receiptStep)
    const before = parts.map(part => part.isDelivered)
    const steps = stepsOf(parts, receipts)
    step.changes.add(updateSmsPart, ...parts.filter((part, at) => part.isDelivered !== before[at]))
    return steps
  }
}

/** No carrier gives a part such an id, so that no receipt delivers it. */
const MISSING = ''

/** What stands for the parts of a text that its carrier was not seen to take: without them it is not delivered. */
export function missingPart(smsId: string): SmsPart {
  return { smsId, carrierMessageId: MISSING, isDelivered: false }
}

/** What receipts of parts say of their text; parts that they deliver are marked. */
export function stepsOf(parts: SmsPart[], receipts: Receipt[]): ProgressStep[] {
  const isWhole = parts.every(part => part.carrierMessageId !== MISSING)
  return receipts.flatMap(receipt => {
    const isDelivered = receipt.status === 'delivered'
    if (isDelivered) {
      for (const part of parts) if (part.carrierMessageId === receipt.carrierMessageId) part.isDelivered = true
    }
    // What goes well with some parts says nothing of a text that others are missing from.
    if (!isWhole && (isDelivered || receipt.status === 'sent')) return []
    return !isDelivered || parts.every(part => part.isDelivered) ? [receiptStep(receipt)] : []
  })
}
