import { laterBy } from '../../domain/calendar.ts'
import type { Receipt } from '../../domain/inbound-text.ts'
import { groupBy } from '../../kit/group-by.ts'
import { forgetParked, parkReceipt } from '../../store/parked-receipts.ts'
import { loadSmsByCarrierIds, type SmsForProgress } from '../../store/sms.ts'
import { act } from '../act.ts'
import { heedRefusals } from '../carriers/carrier-opt-outs.ts'
import type { Core } from '../core.ts'
import { namingStep, PARKED_FOR_MS, textsInDoubt } from './late-receipts.ts'
import { PartReceipts } from './part-receipts.ts'
import { progress } from './progress.ts'
import { isOfGroup, RecipientReceipts } from './recipient-receipts.ts'

export interface ReportedReceipt {
  carrier: string
  receipt: Receipt
}

/**
 * Applies delivery receipts, in the order given; repeated and reordered ones never turn a status back. A receipt
 * whose text is not known is about one whose answer was lost, or is parked until the answer that names it: false for
 * those. Who opted out at the carrier has
 * opted out here.
 */
export async function reportReceipts(core: Core, accountId: string, reported: ReportedReceipt[]): Promise<boolean[]> {
  return act(core, accountId, async step => {
    const unknown = new Set<Receipt>()
    for (const [carrier, group] of groupBy(reported, each => each.carrier)) {
      const ids = [...new Set(group.map(({ receipt }) => receipt.carrierMessageId))]
      const rows = await step.load<SmsForProgress & { askedId: string; isPart: boolean }>(loadSmsByCarrierIds, [
        accountId,
        carrier,
        JSON.stringify(ids),
      ])
      const parts = await PartReceipts.load(
        step,
        rows.filter(row => row.isPart).map(row => row.id),
      )
      const recipients = await RecipientReceipts.load(step, rows)
      const known = new Map(rows.map(row => [row.askedId, row]))
      // Receipts of several parts are about one text, which is written once.
      const byRow = groupBy(group, ({ receipt }) => known.get(receipt.carrierMessageId)?.id ?? '')
      for (const receipts of byRow.values()) {
        const row = known.get(receipts[0]?.receipt.carrierMessageId ?? '')
        const heard = receipts.map(each => each.receipt)
        if (row && isOfGroup(row)) {
          const { steps, recipientIds } = recipients.hear(step, row, row.status, heard)
          progress(step, row, steps, recipientIds)
        } else if (row) progress(step, row, parts.hear(step, row.id, heard))
        else await hearLate(carrier, heard, new Set(byRow.keys()))
      }
      await heedRefusals(step, rows)
    }
    if (unknown.size > 0) step.changes.add(forgetParked, { before: laterBy(step.now, -PARKED_FOR_MS) })
    return reported.map(({ receipt }) => !unknown.has(receipt))

    async function hearLate(carrier: string, receipts: Receipt[], heardIds: ReadonlySet<string>): Promise<void> {
      const about = await textsInDoubt(step, carrier, receipts, heardIds)
      const parts = await PartReceipts.load(
        step,
        [...about.values()].map(({ row }) => row.id),
      )
      for (const receipt of receipts) {
        const text = about.get(receipt)
        if (!text) {
          park(carrier, receipt)
          continue
        }
        const steps = parts.hear(step, text.row.id, [text.heard]).map(each => namingStep(each, receipt))
        progress(step, text.row, steps)
      }
    }

    function park(carrier: string, receipt: Receipt): void {
      unknown.add(receipt)
      step.changes.add(parkReceipt, {
        carrier,
        carrierMessageId: receipt.carrierMessageId,
        born: step.tick(),
        receipt,
        parkedAt: step.now,
      })
    }
  })
}
