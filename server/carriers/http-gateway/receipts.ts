import type { GatewayReceipts, GatewaySettings } from '../../domain/gateway-settings.ts'
import type { Receipt } from '../carrier.ts'
import { lookUp } from './look-up.ts'
import { failureOf } from './meanings.ts'
import type { Numbers } from './numbers.ts'
import { isMet, readField, type Source } from './path.ts'

/** Whether an event that came to that endpoint is a receipt. */
export function isReceipt(source: Source, { when }: GatewayReceipts, endpoint: 'inbound' | 'status'): boolean {
  return when ? isMet(source, when) : endpoint === 'status'
}

/** What an event tells of a text of ours; null when it names no text, or a state that means nothing to us. */
export function readReceipt(
  source: Source,
  {
    receipts,
    errors,
    numbers,
  }: { receipts: GatewayReceipts; errors: GatewaySettings['errors'] | undefined; numbers: Numbers },
): Receipt | null {
  const carrierMessageId = readField(source, receipts.id)
  const word = readField(source, receipts.status)
  const status = lookUp(receipts.statuses, word)
  if (carrierMessageId === null || status === undefined) return null
  const number = readField(source, receipts.number)
  const code = readField(source, receipts.code)
  const isFailed = status === 'undelivered' || status === 'failed'
  return {
    carrierMessageId,
    number: number === null ? '' : numbers.read(number),
    status,
    errorCode: isFailed ? failureOf(errors, code) : null,
    carrierCode: isFailed ? (code ?? word) : null,
  }
}
