import type { Call } from '../../domain/call.ts'
import { countryOf } from '../../domain/geography.ts'
import type { AskedEvent } from '../../domain/hook-events.ts'
import { sid } from '../../domain/ids.ts'
import type { Activity } from '../../domain/session.ts'
import type { Sms } from '../../domain/sms.ts'
import type { MessageMedia } from '../../store/messages.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { newCall } from '../calls/new-call.ts'
import type { Core } from '../core.ts'
import type { HeardKeyword } from '../opt-outs/opt-outs.ts'
import { smsSidOf } from '../sending/sms-sid.ts'
import type { Act } from '../step.ts'
import type { Changeable } from '../threads/hook-answers.ts'

/** Tells an app that the text is an opt-out keyword, which the app must then not answer. Source: Twilio, Advanced Opt-Out. */
export const OPT_OUT_TYPE = 'OptOutType'

/** A text that was just kept, with what is needed to route it. */
export interface KeptText {
  sms: Sms
  media: MessageMedia[]
  route: NumberRoute
  /** The session of its pair that it fell into. */
  session: Activity
  /** The opt-out keyword that the text is. */
  keyword: HeardKeyword | null
  /** What hooks allowed that were asked about it, and what they changed. */
  granted?: Granted
}

export interface Granted {
  event: AskedEvent
  threadId: string | null
  changes: Changeable
}

/** The call that tells a number's app of an inbound text. Parameters as Twilio's messaging webhook sends them. */
export function inboundCall(core: Core, step: Act, kept: KeptText): Call {
  const { sms, route, session } = kept
  return newCall(step, {
    kind: 'inbound',
    lane: route.number,
    orderKey: sms.person,
    smsId: sms.id,
    threadId: sms.threadId,
    number: route.number,
    person: sms.person,
    url: route.smsUrl,
    method: route.smsMethod,
    fallbackUrl: route.smsFallbackUrl || null,
    fallbackMethod: route.smsFallbackUrl ? route.smsFallbackMethod : null,
    parameters: inboundParameters(core.publicUrl, step.accountId, kept),
    sessionStartedAt: session.startedAt,
  })
}

/** Source: Twilio, "Twilio's request to your webhook URL". Cities, states and zips are not known here and stay empty. */
function inboundParameters(
  publicUrl: string,
  accountId: string,
  { sms, media, route, keyword }: KeptText,
): [string, string][] {
  const accountSid = sid('AC', accountId)
  const smsSid = smsSidOf(sms)
  const mediaUrl = `${publicUrl}/2010-04-01/Accounts/${accountSid}/Messages/${smsSid}/Media/`
  const parameters: [string, string][] = [
    ['ToCountry', countryOf(route.number) ?? ''],
    ['ToState', ''],
    ['SmsMessageSid', smsSid],
    ['NumMedia', String(media.length)],
    ['ToCity', ''],
    ['FromZip', ''],
    ['SmsSid', smsSid],
    ['FromState', ''],
    ['SmsStatus', 'received'],
    ['FromCity', ''],
    ['Body', sms.body],
    ['FromCountry', countryOf(sms.person) ?? ''],
    ['To', route.number],
    ['ToZip', ''],
    ['NumSegments', String(sms.segments)],
    ['MessageSid', smsSid],
    ['AccountSid', accountSid],
    ['From', sms.person],
    ['ApiVersion', '2010-04-01'],
  ]
  if (sms.poolId) parameters.push(['MessagingServiceSid', sid('MG', sms.poolId)])
  if (keyword?.isAdvanced) parameters.push([OPT_OUT_TYPE, keyword.kind.toUpperCase()])
  media.forEach((file, index) => {
    parameters.push(
      [`MediaContentType${index}`, file.contentType],
      [`MediaUrl${index}`, `${mediaUrl}${sid('ME', file.id)}`],
    )
  })
  sms.others?.forEach((other, index) => {
    parameters.push([`OtherRecipients${index}`, other])
  })
  return parameters
}
