import type { GatewayReceipts } from '../../domain/gateway-events.ts'
import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import { cleanText } from '../../domain/text.ts'
import type { Receipt } from '../carrier.ts'
import { keptId } from './gateway-ids.ts'
import { lookUp } from './look-up.ts'
import { failureOf } from './meanings.ts'
import type { Numbers } from './numbers.ts'
import { isMet, readField, type Source } from './path.ts'

/** Whether an event that came to that endpoint is a receipt. */
export function isReceipt(source: Source, { when }: GatewayReceipts, endpoint: 'inbound' | 'status'): boolean {
  return when ? isMet(source, when) : endpoint === 'status'
}

/** A receipt with our reference of its text, where it has one: from the event, or from the address that we gave. */
export interface HeardReceipt {
  receipt: Receipt
  reference: string | null
}

/** What the address that receipts go to calls our reference. */
export const REFERENCE_PARAMETER = 'text'
/** Some gateways tell a whole sentence. */
const LONGEST_CODE = 200
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What an event tells of a text of ours; null when it names no text, or a state that means nothing to us. */
export function readReceipt(
  source: Source,
  {
    receipts,
    errors,
    numbers,
  }: { receipts: GatewayReceipts; errors: GatewaySettings['errors'] | undefined; numbers: Numbers },
): HeardReceipt | null {
  const carrierMessageId = readField(source, receipts.id)
  const word = readField(source, receipts.status)
  const status = lookUp(receipts.statuses, word)
  if (carrierMessageId === null || status === undefined) return null
  const number = readField(source, receipts.number)
  const person = readField(source, receipts.person)
  const code = readField(source, receipts.code)
  const isFailed = status === 'undelivered' || status === 'failed'
  const reference = readField(source, receipts.reference) ?? source.query[REFERENCE_PARAMETER] ?? ''
  return {
    reference: UUID.test(reference) ? reference : null,
    receipt: {
      carrierMessageId: keptId(carrierMessageId),
      ...(person !== null && { person: numbers.read(person) }),
      number: number === null ? '' : numbers.read(number),
      status,
      errorCode: isFailed ? failureOf(errors, code) : null,
      carrierCode: isFailed ? cleanText((code ?? word ?? '').slice(0, LONGEST_CODE)) : null,
    },
  }
}
