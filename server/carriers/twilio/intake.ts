import { canonicalAddress } from '../../domain/phone-number.ts'
import { cleanText } from '../../domain/text.ts'
import type { TwilioSettings } from '../../domain/twilio-settings.ts'
import type { HttpClient } from '../../kit/http-client.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import type { CarrierDoors, InboundText, Received } from '../carrier.ts'
import type { TwilioApi } from './api.ts'
import { keywordOf } from './keywords.ts'
import { fetchMedia, listMediaOf, type NamedMedia } from './media.ts'
import type { ListedMessage } from './message-list.ts'

/** A text from a phone before its files are here. */
export interface ComingText {
  text: Omit<InboundText, 'media'>
  files(): Promise<NamedMedia[]>
}

export interface Intake {
  /** Texts of one pair are handed over one at a time, in the order they came. Resolves after commit. */
  take(coming: ComingText): Promise<Received>
  readonly underWay: number
}

const MAX_AT_ONCE = 100

/** Hands texts from phones to the house, their files with them. */
export function openIntake(deps: { doors: CarrierDoors; api: TwilioApi; client: HttpClient }): Intake {
  const queue = openKeyedQueue({ maxRunning: MAX_AT_ONCE })
  return {
    take: ({ text, files }) =>
      queue.push(`${text.person} ${text.number}`, async () => {
        const media = await fetchMedia(deps, await files())
        return deps.doors.receive({ ...text, media })
      }),
    get underWay() {
      return queue.size
    },
  }
}

/** A text as the webhook tells it; null when it is none. Source: Twilio, "Twilio's request to your webhook URL". */
export function comingOfWebhook(form: URLSearchParams, settings: TwilioSettings): ComingText | null {
  const carrierMessageId = form.get('MessageSid') ?? form.get('SmsSid')
  const others = numbered(form, 'OtherRecipients', other => canonicalAddress(other))
  const text = textOf({
    carrierMessageId,
    from: form.get('From'),
    to: form.get('To'),
    body: form.get('Body'),
    others: others.filter(other => other !== null),
    optOutType: form.get('OptOutType'),
    settings,
  })
  const files = numbered(form, 'MediaUrl', (url, at) => ({ url, contentType: form.get(`MediaContentType${at}`) ?? '' }))
  return text && { text, files: async () => files }
}

/** A text as the account's list has it. The list does not tell who else a group text reached, nor of keywords. */
export function comingOfList(message: ListedMessage, api: TwilioApi, settings: TwilioSettings): ComingText | null {
  const { sid, from, to, body, num_media } = message
  const text = textOf({ carrierMessageId: sid, from, to, body, others: [], optOutType: null, settings })
  return text && { text, files: async () => (Number(num_media ?? 0) > 0 ? listMediaOf(api, sid) : []) }
}

function textOf(told: {
  carrierMessageId: string | null
  from: string | null
  to: string | null
  body: string | null
  others: string[]
  optOutType: string | null
  settings: TwilioSettings
}): ComingText['text'] | null {
  const person = canonicalAddress(told.from ?? '')
  const number = canonicalAddress(told.to ?? '')
  if (!told.carrierMessageId || !person || !number) return null
  const body = cleanText(told.body ?? '')
  const { optOutType, settings } = told
  return {
    carrierMessageId: cleanText(told.carrierMessageId),
    person,
    number,
    others: told.others,
    body,
    ...keywordOf(body, { optOutType, answersOptOuts: settings.answersOptOuts ?? true }),
  }
}

/** Values of `Name0`, `Name1` and so on, as far as they go. */
function numbered<Out>(form: URLSearchParams, name: string, read: (value: string, at: number) => Out): Out[] {
  const found: Out[] = []
  for (let at = 0; ; at++) {
    const value = form.get(`${name}${at}`)
    if (value === null) return found
    found.push(read(value, at))
  }
}
