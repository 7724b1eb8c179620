import { randomUUID } from 'node:crypto'
import type { HttpAnswer, HttpClient, HttpFailure } from '../kit/http-client.ts'
import { answerChallenge, type Credentials } from './answer-challenge.ts'
import type { ConnectionSettings } from './connection-overrides.ts'
import { type CookieJar, cookieHeader, cookiesFor, type JarTime, namesOf, setCookies } from './cookie-jar.ts'
import { addHop, type Hop, headersOf, MAX_ANSWER_BYTES, responseOf, withoutSecrets } from './hop.ts'
import { problemOfFailure } from './problem.ts'
import { type Parameters, signForm, signUrl, urlToSign, withBodyHash } from './signature.ts'
import type { Method } from './twiml-verbs.ts'

/** A call under way: what all its requests share, and what they leave. */
export interface Course {
  readonly client: HttpClient
  readonly authToken: string
  readonly allowPrivate: boolean
  readonly jarTime: JarTime
  /** Machine time, like all other times of a course. */
  readonly clockMs: () => number
  readonly startedAtMs: number
  /** No request goes on past it. */
  readonly endsAtMs: number
  /** Null when this call neither sends nor takes cookies. */
  jar: CookieJar | null
  readonly hops: Hop[]
}

export interface HopRequest {
  /** Absolute http(s), with user-info and fragment as written. */
  url: string
  method: Method
  /** Null: none are sent, as after a redirect that turned into a GET. */
  parameters: Parameters | null
  /** Posted in place of parameters. */
  json?: string | null
  idempotencyToken: string
  settings: ConnectionSettings
  endsAtMs: number
}

/** Makes one request, and once more with credentials from the URL when the app answers 401. Each is kept as a hop of the course. */
export async function requestHop(course: Course, request: HopRequest): Promise<HttpAnswer | HttpFailure> {
  const outcome = await send(course, request, null)
  const credentials = credentialsOf(request.url)
  if (outcome.kind !== 'answer' || outcome.status !== 401 || !credentials) return outcome
  const { pathname, search } = new URL(targetOf(request))
  const authorization = answerChallenge(headersOf(outcome.headers, 'www-authenticate'), credentials, {
    method: request.method,
    uri: pathname + search,
    clientNonce: randomUUID(),
  })
  return authorization === null ? outcome : send(course, request, authorization)
}

async function send(
  course: Course,
  request: HopRequest,
  authorization: string | null,
): Promise<HttpAnswer | HttpFailure> {
  const target = targetOf(request)
  const url = new URL(target)
  const json = jsonOf(request)
  const form = request.method === 'POST' && json === null ? (request.parameters ?? []) : null
  const cookies = course.jar ? cookiesFor(course.jar, url, course.jarTime.now) : []
  const headers = headersFor(course, request, { target, form, json })
  if (cookies.length > 0) headers.Cookie = cookieHeader(cookies)
  if (authorization !== null) headers.Authorization = authorization
  const body = form ? encodeForm(form) : json

  const sentAtMs = course.clockMs()
  const { connectTimeoutMs, readTimeoutMs, sendServerName } = request.settings
  const outcome = await course.client.request({
    url: target,
    method: request.method,
    headers,
    body,
    connectTimeoutMs,
    readTimeoutMs,
    sendServerName,
    totalMs: Math.max(1, request.endsAtMs - sentAtMs),
    maxBytes: MAX_ANSWER_BYTES,
    allowPrivate: course.allowPrivate,
  })

  const received = outcome.kind === 'answer' ? outcome : outcome.partial
  const setCookieHeaders = course.jar && received ? headersOf(received.headers, 'set-cookie') : []
  if (course.jar) course.jar = setCookies(course.jar, url, setCookieHeaders, course.jarTime)
  const problem = outcome.kind === 'answer' ? null : problemOfFailure(outcome)
  addHop(course.hops, {
    url: target,
    method: request.method,
    requestHeaders: withoutSecrets(headers),
    requestBody: body,
    ...responseOf(outcome),
    cookiesSent: cookies.map(cookie => cookie.name),
    cookiesSet: namesOf(setCookieHeaders),
    startedAtMs: sentAtMs - course.startedAtMs,
    durationMs: course.clockMs() - sentAtMs,
    errorCode: problem?.code ?? null,
    errorMessage: problem?.message ?? null,
  })
  return outcome
}

/** The URL that goes on the wire; parameters of a GET are added to its own query. */
function targetOf(request: HopRequest): string {
  const { url, method, parameters } = request
  const json = jsonOf(request)
  if (json !== null) return urlToSign(withBodyHash(url, json))
  const target = urlToSign(url)
  if (method !== 'GET' || !parameters || parameters.length === 0) return target
  return `${target}${target.includes('?') ? '&' : '?'}${encodeForm(parameters)}`
}

function jsonOf({ method, json }: HopRequest): string | null {
  return method === 'POST' ? (json ?? null) : null
}

/** Source: Twilio, Webhooks Security; what Twilio's proxy is seen to send. */
function headersFor(
  course: Course,
  request: HopRequest,
  { target, form, json }: { target: string; form: Parameters | null; json: string | null },
): Record<string, string> {
  return {
    'User-Agent': 'TwilioProxy/1.1',
    Accept: '*/*',
    'Accept-Encoding': 'gzip',
    ...(json !== null && { 'Content-Type': 'application/json' }),
    ...(form && { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
    'X-Twilio-Signature': form ? signForm(course.authToken, target, form) : signUrl(course.authToken, target),
    'I-Twilio-Idempotency-Token': request.idempotencyToken,
    'X-Home-Region': 'us1',
  }
}

function encodeForm(parameters: Parameters): string {
  return new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString()
}

function credentialsOf(url: string): Credentials | null {
  const { username, password } = new URL(url)
  return username === '' && password === '' ? null : { user: decoded(username), password: decoded(password) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
