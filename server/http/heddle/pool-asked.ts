import { isUuid, uuidOfSid } from '../../domain/ids.ts'
import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import { cleanText } from '../../domain/text.ts'

/** What a path or filter means by a pool: the id that an MG SID or a UUID spells, else a name. */
export function poolAsked(written: string): { id: string | null; name: string } {
  return { id: uuidOfSid('MG', written) ?? (isUuid(written) ? written.toLowerCase() : null), name: cleanText(written) }
}

/** A number of ours in the one spelling under which it is kept; what is no phone number as it was written. */
export function numberAsked(written: string): string {
  return canonicalPhoneNumber(written) ?? written
}
