import { errorMessageOf } from '../domain/error-codes.ts'
import type { Receipt } from '../domain/inbound-text.ts'
import { groupBy } from '../kit/group-by.ts'
import { loadSmsByCarrierIds, parkReceipt, type SmsForProgress } from '../store/sms.ts'
import { act } from './act.ts'
import type { Core } from './core.ts'
import { type ProgressStep, progress } from './progress.ts'

export interface ReportedReceipt {
  carrier: string
  receipt: Receipt
}

/**
 * Applies delivery receipts, in the order given; repeated and reordered ones never turn a status back. A receipt
 * whose text is not known is parked until the answer that names it.
 */
export async function reportReceipts(core: Core, accountId: string, reported: ReportedReceipt[]): Promise<undefined[]> {
  return act(core, accountId, async step => {
    for (const [carrier, group] of groupBy(reported, each => each.carrier)) {
      const byText = groupBy(
        group.map(each => each.receipt),
        receipt => receipt.carrierMessageId,
      )
      const rows = await step.load<SmsForProgress & { askedId: string }>(loadSmsByCarrierIds, [
        accountId,
        carrier,
        JSON.stringify([...byText.keys()]),
      ])
      const known = new Map(rows.map(row => [row.askedId, row]))
      for (const [carrierMessageId, receipts] of byText) {
        const row = known.get(carrierMessageId)
        if (row) progress(step, row, receipts.map(receiptStep))
        else for (const receipt of receipts) park(carrier, receipt)
      }
    }
    return reported.map(() => undefined)

    function park(carrier: string, receipt: Receipt): void {
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

/** A receipt as a step of its text. */
export function receiptStep(receipt: Receipt): ProgressStep {
  const failed = receipt.status === 'failed' || receipt.status === 'undelivered'
  const errorCode = failed ? (receipt.errorCode ?? 30008) : null
  return {
    status: receipt.status,
    errorCode,
    errorMessage: errorCode === null ? null : errorMessageOf(errorCode),
    carrierCode: receipt.carrierCode,
    nextAttemptAt: null,
  }
}
