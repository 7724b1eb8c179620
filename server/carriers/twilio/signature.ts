import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether a form that was posted carries the account's X-Twilio-Signature: over the URL as the sender knows it and every
 * parameter, sorted by name. Several URLs may be meant where a proxy stands between; each counts with its port and without,
 * as Twilio signs either. Source: Twilio, "Webhooks Security"; twilio-node, `validateRequest`.
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
  return urls.flatMap(withAndWithoutPort).some(url => {
    const wanted = createHmac('sha1', authToken)
      .update(url + parameters.join(''), 'utf8')
      .digest('base64')
    const expected = Buffer.from(wanted)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function withAndWithoutPort(url: string): string[] {
  const [, scheme = '', host = '', port, rest = ''] =
    /^(https?):\/\/([^/?#]*?)(?::([0-9]+))?([/?#].*)?$/.exec(url) ?? []
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}:${port ?? (scheme === 'https' ? 443 : 80)}${rest}`]
}
