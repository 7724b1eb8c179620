import { errorMessageOf } from '../../domain/error-codes.ts'
import type { Receipt } from '../../domain/inbound-text.ts'
import type { ProgressStep } from './progress.ts'

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
