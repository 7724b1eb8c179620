import { canonicalAddress, classifyAddress } from '../domain/phone-number.ts'
import { cleanText } from '../domain/text.ts'
import type { Problem } from './problem.ts'
import type { VerbElement } from './twiml-xml.ts'

export type Method = 'GET' | 'POST'

/** A reply to send. With a `problem` it is not to be sent. */
export interface TwimlMessage {
  verb: 'message'
  /** Null: whoever wrote to us. */
  to: string | null
  /** Null: the number that was written to. */
  from: string | null
  body: string
  /** Absolute URLs. */
  media: string[]
  statusCallback: string | null
  /** A document to fetch once the reply is queued, and to go on with. */
  action: { url: string; method: Method } | null
  problem: Problem | null
}

/** The document to go on with. */
export interface TwimlRedirect {
  verb: 'redirect'
  url: string
  method: Method
  problem: Problem | null
}

/** Source: Twilio, TwiML <Media>: ten in a message. */
const MAX_MEDIA = 10

/** Checks a <Message> or <Sms>. Without a base, URLs must be absolute. Its first problem, in the order of writing, is told. */
export function readMessage(element: VerbElement, base: URL | null): TwimlMessage {
  const { to, from, statusCallback, action, method } = element.attributes
  const body = cleanText(joined(element.texts))
  const callbackUrl = resolve(statusCallback, base)
  const actionUrl = resolve(action, base)
  const media = element.media.map(each => resolve(each.trim(), base))
  const problems = [
    isInvalidTo(to) && problem(14101, `The to attribute ${to} is not an address`),
    isInvalidFrom(from) && problem(14102, `The from attribute ${from} is not an address`),
    body === '' && media.length === 0 && problem(14103, 'The message has no body'),
    methodOf(method) === null && problem(14104, `The method attribute ${method} is neither GET nor POST`),
    callbackUrl === null && problem(14105, `The statusCallback attribute ${statusCallback} is not a URL`),
    actionUrl === null && problem(11100, `The action attribute ${action} is not a URL`),
    media.includes(null) && problem(21620, 'A <Media> is not a URL'),
    media.length > MAX_MEDIA && problem(21623, `The message has more than ${MAX_MEDIA} <Media>`),
  ]
  return {
    verb: 'message',
    to: to === undefined ? null : canonicalAddress(to),
    from: from === undefined ? null : canonicalAddress(from),
    body,
    media: media.filter(url => typeof url === 'string'),
    statusCallback: callbackUrl ?? null,
    action: actionUrl ? { url: actionUrl, method: methodOf(method) ?? 'POST' } : null,
    problem: problems.find(each => each !== false) ?? null,
  }
}

/** Texts around other elements; white space between two of them is one space, and alone it is none. */
function joined(texts: string[]): string {
  const said = texts.filter(text => text.trim() !== '')
  const apart = (before: string, text: string) => (/\s$/.test(before) || /^\s/.test(text) ? ' ' : '')
  return said.reduce((body, text) => body.trimEnd() + apart(body, text) + text.trimStart(), '').trim()
}

/** Checks a <Redirect>. A wrong method is taken for POST. */
export function readRedirect(element: VerbElement, base: URL): TwimlRedirect {
  const written = element.texts.join('').trim()
  // An empty text would mean the document itself, for ever.
  const url = written === '' ? null : resolve(written, base)
  return {
    verb: 'redirect',
    url: url ?? '',
    method: methodOf(element.attributes.method) ?? 'POST',
    problem: url ? null : problem(11100, `<Redirect> holds no URL: ${written}`),
  }
}

function problem(code: number, message: string): Problem {
  return { code, message: cleanText(message) }
}

function isInvalidTo(address: string | undefined): boolean {
  if (address === undefined) return false
  const canonical = canonicalAddress(address)
  return canonical === null || classifyAddress(canonical) === 'alphanumeric'
}

function isInvalidFrom(address: string | undefined): boolean {
  return address !== undefined && canonicalAddress(address) === null
}

function methodOf(method: string | undefined): Method | null {
  if (method === undefined) return 'POST'
  const upper = method.trim().toUpperCase()
  return upper === 'GET' || upper === 'POST' ? upper : null
}

/** The absolute http(s) URL; undefined stays undefined, null is no URL. The base's fragment (our overrides) is not inherited. */
function resolve(written: string | undefined, base: URL | null): string | null | undefined {
  if (written === undefined) return undefined
  const text = written.trim()
  if (text === '' || !URL.canParse(text, base?.href)) return null
  const url = new URL(text, base?.href)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
}
