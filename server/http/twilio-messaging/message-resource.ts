import { smsSidOf } from '../../core/sending/sms-sid.ts'
import { sid } from '../../domain/ids.ts'
import { formatRfc2822 } from '../../domain/wire-time.ts'
import type { SmsRecord } from '../../store/read/sms.ts'

export const API_VERSION = '2010-04-01'

/** A text as Twilio's Message resource. */
export function messageResource(accountId: string, sms: SmsRecord) {
  const accountSid = sid('AC', accountId)
  const smsSid = smsSidOf(sms)
  const path = `/${API_VERSION}/Accounts/${accountSid}/Messages/${smsSid}`
  const isInbound = sms.direction === 'in'
  const person = sms.settings?.hidesPerson ? `${sms.person.slice(0, -4)}XXXX` : sms.person
  return {
    body: sms.settings?.hidesBody ? '' : sms.body,
    num_segments: String(sms.segments),
    direction: directionOf(sms),
    from: isInbound ? person : sms.number,
    to: isInbound ? sms.number : person,
    date_updated: formatRfc2822(sms.updatedAt),
    price: null,
    error_message: sms.errorCode === null ? null : sms.errorMessage,
    uri: `${path}.json`,
    account_sid: accountSid,
    num_media: String(sms.mediaCount),
    // Whether a text got through that left over a broken link is not known: for the wire it is still on its way.
    status: sms.status === 'unknown' ? 'sending' : sms.status,
    messaging_service_sid: sms.poolId === null ? null : sid('MG', sms.poolId),
    sid: smsSid,
    date_sent: sms.sentAt === null ? null : formatRfc2822(sms.sentAt),
    date_created: formatRfc2822(sms.createdAt),
    error_code: sms.errorCode,
    price_unit: null,
    api_version: API_VERSION,
    subresource_uris: { media: `${path}/Media.json`, ...(isInbound ? {} : { feedback: `${path}/Feedback.json` }) },
  }
}

/** A text whose number a pool chose: what its sender is told before the callbacks tell more. */
export function asAccepted(sms: SmsRecord): SmsRecord {
  return { ...sms, status: 'accepted', number: null, segments: 0 }
}

function directionOf({ direction, origin }: SmsRecord): string {
  if (direction === 'in') return 'inbound'
  return origin === 'reply' || origin === 'notice' ? 'outbound-reply' : 'outbound-api'
}
