import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether a form that was posted carries the account's X-Twilio-Signature: over the URL as the sender knows it and every
 * parameter, sorted by name. Several URLs may be meant where a proxy stands between. Source: Twilio, "Webhooks Security".
 */
export function isSigned({
  authToken,
  urls,
  form,
  signature,
}: {
  authToken: string
  urls: string[]
  form: URLSearchParams
  signature: string
}): boolean {
  const names = [...new Set(form.keys())].sort()
  const parameters = names.map(name =>
    [...new Set(form.getAll(name))]
      .sort()
      .map(value => name + value)
      .join(''),
  )
  const given = Buffer.from(signature)
  return urls.some(url => {
    const wanted = createHmac('sha1', authToken)
      .update(url + parameters.join(''), 'utf8')
      .digest('base64')
    const expected = Buffer.from(wanted)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}
