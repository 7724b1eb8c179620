/** Delivery receipts: as a text of agreed words, as optional parameters, or as both. Source: SMPP 3.4, appendix B. */
import type { Receipt } from '../carrier.ts'
import { alphabetOf, decodeAs } from './alphabets.ts'
import type { Errors } from './errors.ts'
import { type Delivered, TLV } from './pdu.ts'

/** What a receipt says, its id as the SMSC spelled it. */
export type SmppReceipt = Omit<Receipt, 'carrierMessageId' | 'number'> & { messageId: string }

/** Bits 2 to 5 of esm_class: delivery receipt, or a notice on the way. Source: SMPP 3.4, 5.2.12. */
const TYPE_BITS = 0x3c
const RECEIPT = 0x04
const INTERMEDIATE = 0x20

/** States by number and by word. Source: SMPP 3.4, 5.2.28 and appendix B; 30003 unreachable, 30007 filtered. */
const STATES: [number, string, Receipt['status'], number | null][] = [
  [0, 'SCHEDUL', 'sent', null],
  [1, 'ENROUTE', 'sent', null],
  [2, 'DELIVRD', 'delivered', null],
  [3, 'EXPIRED', 'undelivered', 30003],
  [4, 'DELETED', 'undelivered', 30008],
  [5, 'UNDELIV', 'undelivered', 30003],
  [6, 'ACCEPTD', 'sent', null],
  [7, 'UNKNOWN', 'undelivered', 30008],
  [8, 'REJECTD', 'undelivered', 30007],
  [9, 'SKIPPED', 'undelivered', 30008],
]

/** Words are told apart by their beginnings, since some SMSCs write them out: `DELIVERED`. */
const WORD_LENGTH = 5

export function isReceipt({ esmClass, tlvs }: Delivered): boolean {
  const type = esmClass & TYPE_BITS
  if (type === RECEIPT || type === INTERMEDIATE) return true
  return type === 0 && tlvs.has(TLV.receiptedMessageId) && tlvs.has(TLV.messageState)
}

/** Null when it names no text or no state. Parameters go before the text, which SMSCs cut and vary. */
export function readReceipt({ dataCoding, bytes, tlvs }: Delivered, errors: Errors = {}): SmppReceipt | null {
  const text = decodeAs(alphabetOf(dataCoding, 'latin1'), bytes)
  const messageId = textOf(tlvs.get(TLV.receiptedMessageId)) ?? wordAfter(text, 'id')
  const number = tlvs.get(TLV.messageState)?.[0]
  const word = wordAfter(text, 'stat')?.toUpperCase()
  const state =
    STATES.find(([each]) => each === number) ?? STATES.find(([, each]) => word?.startsWith(each.slice(0, WORD_LENGTH)))
  if (!messageId || !state) return null
  const [, name, status, errorCode] = state
  const error = wordAfter(text, 'err') ?? networkError(tlvs.get(TLV.networkErrorCode))
  const isFailed = errorCode !== null
  return {
    messageId,
    status,
    errorCode: isFailed ? (errors[error ?? ''] ?? errors[name] ?? errorCode) : null,
    carrierCode: isFailed ? `${name}${error ? ` err:${error}` : ''}` : null,
  }
}

/** `id:7F stat:DELIVRD`, whatever the case, with or without spaces after the colon, and with commas or spaces between. */
function wordAfter(text: string, name: string): string | null {
  return new RegExp(`(?:^|[\\s,;])${name}:\\s*(?!${NAMES}:)([^\\s,;]+)`, 'i').exec(text)?.[1] ?? null
}

/** What may follow a name that has no value. */
const NAMES = '(?:id|sub|dlvrd|submit date|done date|stat|err|text)'

function textOf(bytes: Buffer | undefined): string | null {
  const [text] = bytes?.toString('latin1').split('\0') ?? []
  return text || null
}

/** One octet of network, two of error. Source: SMPP 3.4, 5.3.2.31. */
function networkError(bytes: Buffer | undefined): string | null {
  return bytes?.length === 3 ? String(bytes.readUInt16BE(1)) : null
}
