import { TwilioError } from './twilio-errors.ts'
import type { Parameters } from './twilio-parameters.ts'

export type HttpMethod = 'GET' | 'POST'

/** An absolute http or https URL; empty when it was sent empty, which clears it. Refuses 21402 anything else. */
export function urlIn(parameters: Parameters, name: string): string | undefined {
  const url = parameters.text(name)?.trim()
  if (url === undefined || url === '') return url
  if (!/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url)) {
    throw new TwilioError(400, 21402, `${name} is not a valid URL: ${url}`)
  }
  return url
}

/** GET or POST. Refuses 21403 anything else. */
export function methodIn(parameters: Parameters, name: string): HttpMethod | undefined {
  return parameters.oneOf(name, ['GET', 'POST'], 21403)
}

const MAX_MEDIA = 10
/** Longer than any address that browsers and proxies pass on. */
const MAX_URL_LENGTH = 4096

/** Refuses 21623 more than ten files of a text, 21658 a URL that is too long, and 21620 what is no URL. */
export function checkMediaUrls(urls: string[]): void {
  if (urls.length > MAX_MEDIA) {
    throw new TwilioError(400, 21623, `Number of media files exceeds allowed limit of ${MAX_MEDIA}`)
  }
  for (const url of urls) checkUrlLength('MediaUrl', url)
  const bad = urls.find(url => !isHttpUrl(url))
  if (bad !== undefined) throw new TwilioError(400, 21620, `Invalid media URL(s): ${bad}`)
}

/** Refuses 21658. */
export function checkUrlLength(name: string, url: string): void {
  if (url.length <= MAX_URL_LENGTH) return
  throw new TwilioError(400, 21658, `${name} exceeds the ${MAX_URL_LENGTH} character limit`)
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text)
}

/** Where inbound texts are told: the four parameters that numbers, short codes and applications share. */
export function smsUrlsIn(parameters: Parameters) {
  return {
    smsUrl: urlIn(parameters, 'SmsUrl'),
    smsMethod: methodIn(parameters, 'SmsMethod'),
    smsFallbackUrl: urlIn(parameters, 'SmsFallbackUrl'),
    smsFallbackMethod: methodIn(parameters, 'SmsFallbackMethod'),
  }
}

/** The four as a resource shows them. */
export function smsUrlsOf(row: {
  smsUrl: string
  smsMethod: HttpMethod
  smsFallbackUrl: string
  smsFallbackMethod: HttpMethod
}) {
  return {
    sms_url: row.smsUrl,
    sms_method: row.smsMethod,
    sms_fallback_url: row.smsFallbackUrl,
    sms_fallback_method: row.smsFallbackMethod,
  }
}
