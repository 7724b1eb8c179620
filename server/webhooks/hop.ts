import type { HttpAnswer, HttpFailure, ResponseHeaders } from '../kit/http-client.ts'
import { decodeForLog } from './answer-text.ts'
import type { Method } from './twiml-verbs.ts'

/** Of an answer, and what is kept of one. Source: Twilio, error 11750. */
export const MAX_ANSWER_BYTES = 64 * 1024

/** One request of a call and what came back, as it is kept for the app's owner: without credentials and cookie values. */
export interface Hop {
  /** The very URL that was requested and signed. */
  url: string
  method: Method
  requestHeaders: Record<string, string>
  requestBody: string | null
  /** Null when no answer came. */
  status: number | null
  responseHeaders: ResponseHeaders
  /** At most 64 kB. */
  responseBody: string
  /** Names. */
  cookiesSent: string[]
  /** Names. */
  cookiesSet: string[]
  /** Since the call began. */
  startedAtMs: number
  durationMs: number
  errorCode: number | null
  errorMessage: string | null
}

/** Of the requests and answers of one call. An app that leads from document to document would fill the database with them. */
const MAX_KEPT_CHARACTERS = 192 * 1024
const MAX_SHORT_URL = 200

/** Adds a hop to those of its call. The latest are kept whole, as far as there is room; of those before them a line remains. */
export function addHop(hops: Hop[], hop: Hop): void {
  hops.push(hop)
  let characters = charactersOf(hop)
  for (let at = hops.length - 2; at >= 0; at--) {
    const earlier = hops[at]
    if (!earlier || isShort(earlier)) return
    characters += charactersOf(earlier)
    if (characters > MAX_KEPT_CHARACTERS) hops[at] = shortened(earlier)
  }
}

function charactersOf({ url, requestHeaders, requestBody, responseHeaders, responseBody }: Hop): number {
  const headers = JSON.stringify([requestHeaders, responseHeaders])
  return url.length + headers.length + (requestBody?.length ?? 0) + responseBody.length
}

function isShort({ requestHeaders }: Hop): boolean {
  return Object.keys(requestHeaders).length === 0
}

function shortened(hop: Hop): Hop {
  const nothing = { requestHeaders: {}, requestBody: null, responseHeaders: {}, responseBody: '', cookiesSet: [] }
  return { ...hop, ...nothing, url: hop.url.slice(0, MAX_SHORT_URL) }
}

const SECRET_HEADERS = new Set(['authorization', 'cookie', 'set-cookie', 'www-authenticate'])

/** Headers as they may be kept. */
export function withoutSecrets<Value>(headers: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase())))
}

/** What came back, as far as it came. */
export function responseOf(
  outcome: HttpAnswer | HttpFailure,
): Pick<Hop, 'status' | 'responseHeaders' | 'responseBody'> {
  const received = outcome.kind === 'answer' ? outcome : outcome.partial
  if (!received) return { status: null, responseHeaders: {}, responseBody: '' }
  // What failed may still be compressed; bytes are of no use to a reader.
  const isReadable = outcome.kind === 'answer' || received.headers['content-encoding'] === undefined
  const body = isReadable
    ? decodeForLog(received.body, headerOf(received.headers, 'content-type'), MAX_ANSWER_BYTES)
    : ''
  return { status: received.status, responseHeaders: withoutSecrets(received.headers), responseBody: body }
}

/** The first value of a header; empty when there is none. */
export function headerOf(headers: ResponseHeaders, name: string): string {
  return headersOf(headers, name)[0] ?? ''
}

export function headersOf(headers: ResponseHeaders, name: string): string[] {
  const value = headers[name]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
