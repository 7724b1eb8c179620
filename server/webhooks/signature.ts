import { createHash, createHmac } from 'node:crypto'

/** Parameters of a form, in the order in which they are sent; a name may come more than once. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/**
 * The X-Twilio-Signature of a form that is posted: over the URL and every parameter, sorted by name, names and values
 * run together. Values of a repeated name count once each, sorted. `url` is what `urlToSign` tells.
 * Source: Twilio, Webhooks Security; the SDK's validateRequest.
 */
export function signForm(authToken: string, url: string, parameters: Parameters): string {
  const valuesOf = new Map<string, Set<string>>()
  for (const [name, value] of parameters) {
    const values = valuesOf.get(name)
    if (values) values.add(value)
    else valuesOf.set(name, new Set([value]))
  }
  let signed = url
  for (const name of [...valuesOf.keys()].sort()) {
    for (const value of [...(valuesOf.get(name) ?? [])].sort()) signed += name + value
  }
  return hmac(authToken, signed)
}

/** The X-Twilio-Signature of a GET, or of a body that is not a form: over the URL alone. */
export function signUrl(authToken: string, url: string): string {
  return hmac(authToken, url)
}

/** The URL to which a body that is not a form is sent: it carries the body's hash, so that the signature covers it. */
export function withBodyHash(url: string, body: string | Buffer): string {
  const hash = createHash('sha256').update(body).digest('hex')
  const [whole = '', fragment] = splitOnce(url, '#')
  const joint = whole.includes('?') ? '&' : '?'
  return `${whole}${joint}bodySHA256=${hash}${fragment === undefined ? '' : `#${fragment}`}`
}

/**
 * The URL as the app sees it and as it is signed: without user-info, and without the fragment, which is for us. A port
 * that the URL spells out stays, even the usual one. The URL must be one that `new URL` takes.
 */
export function urlToSign(configured: string): string {
  const url = new URL(configured)
  const port = url.port === '' ? writtenPort(configured) : url.port
  const host = port === '' ? url.hostname : `${url.hostname}:${Number(port)}`
  return `${url.protocol}//${host}${url.pathname}${url.search}`
}

/** The usual port, where the URL spells it out. In steps: one pattern for all would take long for a long user-info. */
function writtenPort(url: string): string {
  const authority = /^[^:/]+:\/\/([^/?#]*)/.exec(url)?.[1] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return /:([0-9]+)$/.exec(host)?.[1] ?? ''
}

function hmac(authToken: string, text: string): string {
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
