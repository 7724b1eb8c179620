import type { Receipt } from '../carrier.ts'
import { ourCode } from './errors.ts'

/** What becomes known by each status; the others say nothing that we did not know. Source: Twilio, message statuses. */
const STATUSES: Record<string, Receipt['status']> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
}

/** What a status says of one of our texts, by callback or list; null when it says nothing. */
export function receiptOf(told: {
  sid: string
  number: string
  status: string
  errorCode: number | null
}): Receipt | null {
  const status = STATUSES[told.status]
  if (!status) return null
  const { errorCode } = told
  return {
    carrierMessageId: told.sid,
    number: told.number,
    status,
    errorCode: errorCode === null ? null : ourCode(errorCode),
    carrierCode: errorCode === null ? null : String(errorCode),
  }
}
