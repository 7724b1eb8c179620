import { sid } from '../../domain/ids.ts'
import type { Sms } from '../../domain/sms.ts'

/** A text's SID: MM with media or in a group, else SM. */
export function smsSidOf(sms: Pick<Sms, 'id' | 'mediaCount' | 'others'>): string {
  return sid(sms.mediaCount > 0 || sms.others ? 'MM' : 'SM', sms.id)
}
