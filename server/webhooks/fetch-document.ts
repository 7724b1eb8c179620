import type { HttpAnswer, HttpFailure } from '../kit/http-client.ts'
import { type ConnectionSettings, type RetryReason, readOverrides } from './connection-overrides.ts'
import { headerOf } from './hop.ts'
import { type Problem, problemOfFailure } from './problem.ts'
import { type Course, type HopRequest, requestHop } from './request-hop.ts'
import type { Parameters } from './signature.ts'
import type { Method } from './twiml-verbs.ts'

export interface DocumentRequest {
  url: string
  method: Method
  parameters: Parameters
  /** Posted in place of parameters. */
  json?: string
  idempotencyToken: string
}

export type Fetched =
  | { kind: 'document'; url: URL; status: number; contentType: string; body: Buffer }
  | { kind: 'failed'; problem: Problem; failure: HttpFailure | null }

/** More in a row are an error. Source: Twilio, error 11215. */
const MAX_HTTP_REDIRECTS = 10

/**
 * Fetches a document: its connection overrides, retries and HTTP redirects included, all within its total time. What is
 * wrong with its overrides is added to `warnings`. The answer of a 2xx status is the document; all else failed.
 */
export async function fetchDocument(course: Course, request: DocumentRequest, warnings: Problem[]): Promise<Fetched> {
  if (!isHttpUrl(request.url)) return failed({ code: 11100, message: `${request.url} is not an http or https URL` })
  const { settings, problems } = readOverrides(new URL(request.url).hash.slice(1))
  warnings.push(...problems)
  const startedAtMs = course.clockMs()
  const endsAtMs = Math.min(startedAtMs + settings.totalMs, course.endsAtMs)
  if (startedAtMs >= endsAtMs) return failed({ code: 11203, message: 'The whole call took too long' })
  for (let retries = 0; ; retries++) {
    const fetched = await followRedirects(course, { ...request, settings, endsAtMs })
    const isWorthRetrying = retries < settings.retries && course.clockMs() < endsAtMs && isRetried(fetched, settings)
    if (!isWorthRetrying) return fetched.result
  }
}

interface Attempt {
  result: Fetched
  outcome: HttpAnswer | HttpFailure | null
}

async function followRedirects(course: Course, first: HopRequest): Promise<Attempt> {
  let request = first
  for (let redirects = 0; redirects <= MAX_HTTP_REDIRECTS; redirects++) {
    const outcome = await requestHop(course, request)
    if (outcome.kind !== 'answer') return { result: failed(problemOfFailure(outcome), outcome), outcome }
    const location = locationOf(outcome)
    if (!isRedirect(outcome.status) || location === '') return { result: resultOf(outcome, request.url), outcome }
    const next = redirected(request, outcome.status, location)
    if (!next)
      return { result: failed({ code: 11100, message: `The redirect to ${location} is not to a URL` }), outcome }
    request = next
  }
  const problem = { code: 11215, message: `More than ${MAX_HTTP_REDIRECTS} HTTP redirects` }
  return { result: failed(problem), outcome: null }
}

function resultOf(answer: HttpAnswer, url: string): Fetched {
  if (answer.status < 200 || answer.status > 299) {
    return failed({ code: 11200, message: `The app answered with HTTP status ${answer.status}` })
  }
  const contentType = headerOf(answer.headers, 'content-type')
  return { kind: 'document', url: new URL(url), status: answer.status, contentType, body: answer.body }
}

/** Many a server writes UTF-8 into it as it is. */
function locationOf({ headers }: HttpAnswer): string {
  return Buffer.from(headerOf(headers, 'location'), 'latin1').toString()
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** As browsers do: 307 and 308 repeat the request, the others turn it into a GET without parameters. Credentials go no further than their origin. */
function redirected(request: HopRequest, status: number, location: string): HopRequest | null {
  if (!URL.canParse(location, request.url)) return null
  const from = new URL(request.url)
  const to = new URL(location, request.url)
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return null
  if (to.origin === from.origin && to.username === '') {
    to.username = from.username
    to.password = from.password
  }
  const isRepeated = (status === 307 || status === 308) && request.method === 'POST'
  return isRepeated ? { ...request, url: to.href } : { ...request, url: to.href, method: 'GET', parameters: null }
}

function isRetried({ outcome }: Attempt, settings: ConnectionSettings): boolean {
  const reason = outcome && reasonOf(outcome)
  return reason !== null && settings.retryOn.has(reason)
}

/** Why an outcome may be worth another attempt. An answer that began to arrive is never asked for again. */
function reasonOf(outcome: HttpAnswer | HttpFailure): RetryReason | null {
  switch (outcome.kind) {
    case 'answer':
      if (outcome.status >= 500) return '5xx'
      return outcome.status >= 400 ? '4xx' : null
    case 'connect_timeout':
    case 'connection_refused':
    case 'bad_host':
      return 'ct'
    case 'connection_failed':
      if (outcome.partial) return null
      return outcome.wasSent ? 'rt' : 'ct'
    case 'read_timeout':
      return outcome.partial ? null : 'rt'
    case 'bad_url':
    case 'refused_address':
    case 'total_timeout':
    case 'tls':
    case 'protocol':
    case 'too_large':
      return null
    default:
      return outcome satisfies never
  }
}

function failed(problem: Problem, failure: HttpFailure | null = null): Fetched {
  return { kind: 'failed', problem, failure }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
