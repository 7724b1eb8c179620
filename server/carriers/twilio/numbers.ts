import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { type CarrierNumbers, CarrierRefused, type RemoteNumber } from '../../domain/carrier-numbers.ts'
import type { TwilioApi } from './api.ts'
import { canCallBack } from './callbacks.ts'
import { troubleOf } from './errors.ts'

const Method = Type.Optional(Type.Union([Type.String(), Type.Null()]))

/** What decides where texts to a number go. Source: Twilio, IncomingPhoneNumber and ShortCode resources. */
const Pointing = Type.Object({
  path: Type.Optional(Type.String()),
  sms_url: Method,
  sms_method: Method,
  sms_fallback_url: Method,
  sms_fallback_method: Method,
  sms_application_sid: Method,
})

const ListedNumber = Type.Object({
  ...Pointing.properties,
  sid: Type.String(),
  phone_number: Type.Optional(Type.String()),
  short_code: Type.Optional(Type.String()),
})

const Page = Type.Object({
  incoming_phone_numbers: Type.Optional(Type.Array(ListedNumber)),
  short_codes: Type.Optional(Type.Array(ListedNumber)),
  next_page_uri: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})

const FOLDERS = ['IncomingPhoneNumbers', 'SMS/ShortCodes']

/** The phone numbers and short codes of an account, and where their texts go. */
export function openTwilioNumbers(deps: { api: TwilioApi; callbackUrl(): string }): CarrierNumbers {
  const { api, callbackUrl } = deps

  async function list(): Promise<RemoteNumber[]> {
    const found: RemoteNumber[] = []
    for (const folder of FOLDERS) {
      let next: string | null = `${api.accountPath}/${folder}.json?PageSize=500`
      while (next) {
        const page: Static<typeof Page> = await getPage(next)
        for (const number of [...(page.incoming_phone_numbers ?? []), ...(page.short_codes ?? [])]) {
          found.push(remoteOf(number, `${api.accountPath}/${folder}/${number.sid}.json`))
        }
        next = page.next_page_uri || null
      }
    }
    return found
  }

  async function getPage(path: string): Promise<Static<typeof Page>> {
    const answer = await api.get(path)
    if (answer.kind === 'failure') throw new CarrierRefused(`The numbers could not be listed: ${answer.message}.`)
    if (answer.status !== 200) throw new CarrierRefused(`The numbers could not be listed: ${troubleOf(answer).message}`)
    if (!Value.Check(Page, answer.body)) throw new CarrierRefused('The list of numbers is not one.')
    return answer.body
  }

  function remoteOf(number: Static<typeof ListedNumber>, path: string): RemoteNumber {
    const { sms_url, sms_method, sms_fallback_url, sms_fallback_method, sms_application_sid } = number
    const before = { path, sms_url, sms_method, sms_fallback_url, sms_fallback_method, sms_application_sid }
    return {
      number: number.phone_number ?? number.short_code ?? '',
      pointsTo: sms_application_sid || (sms_url ?? ''),
      isHere: !sms_application_sid && sms_url === inboundUrl(),
      isOurs: !sms_application_sid && pathOf(sms_url ?? '') === pathOf(inboundUrl()),
      before,
    }
  }

  const inboundUrl = () => `${callbackUrl()}/inbound`

  async function change(path: unknown, form: [string, string][]): Promise<void> {
    if (typeof path !== 'string') throw new CarrierRefused('It is not known how the number stood.')
    const answer = await api.post(path, form)
    if (answer.kind === 'failure') throw new CarrierRefused(`The number could not be changed: ${answer.message}.`)
    if (answer.status >= 300) throw new CarrierRefused(`The number could not be changed: ${troubleOf(answer).message}`)
  }

  return {
    list,
    async pointHere({ before }) {
      const url = inboundUrl()
      if (!canCallBack(url, api.origin)) throw new CarrierRefused(`Twilio cannot call ${url}: set HEDDLE_PUBLIC_URL.`)
      const form: [string, string][] = [
        ['SmsUrl', url],
        ['SmsMethod', 'POST'],
        // Asked when the first request failed: a text that is told twice is one.
        ['SmsFallbackUrl', url],
        ['SmsFallbackMethod', 'POST'],
      ]
      // An application goes before the URLs.
      if (before.sms_application_sid) form.push(['SmsApplicationSid', ''])
      await change(before.path, form)
    },
    async putBack(before) {
      if (!Value.Check(Pointing, before)) throw new CarrierRefused('It is not known how the number stood.')
      const form: [string, string][] = [
        ['SmsUrl', before.sms_url ?? ''],
        ['SmsMethod', before.sms_method || 'POST'],
        ['SmsFallbackUrl', before.sms_fallback_url ?? ''],
        ['SmsFallbackMethod', before.sms_fallback_method || 'POST'],
      ]
      if (before.sms_application_sid) form.push(['SmsApplicationSid', before.sms_application_sid])
      await change(before.path, form)
    },
  }
}

/** What is left of a URL whatever the server's own address is: no other carrier has such a path. */
function pathOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).pathname : null
}
