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
