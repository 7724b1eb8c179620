import { Agent } from 'undici'
import { type Connections, guardedConnector, type Resolve, resolveBySystem } from './http-client-connect.ts'
import { decodeBody } from './http-client-decode.ts'
import { type ExchangeEnd, type ExchangeLimits, exchange, type ResponseHeaders } from './http-client-exchange.ts'
import { type FailureKind, failureOf } from './http-client-failure.ts'
import { createSlots } from './http-client-slots.ts'

export type { ResponseHeaders } from './http-client-exchange.ts'
export type { FailureKind } from './http-client-failure.ts'

export interface HttpRequest extends ExchangeLimits {
  /** Absolute, http or https; user-info and fragment are not sent. */
  url: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  /** Values are sent as Latin-1 bytes; Host, Content-Length and Connection are the client's own. */
  headers: Record<string, string>
  body: string | Buffer | null
  /** Whether addresses that are not public may be called. Those of cloud metadata services never are. */
  allowPrivate: boolean
  /**
   * False when the far side must not see it twice: then a kept connection that broke before the answer is a failure like
   * any other. True when absent.
   */
  isRepeatable?: boolean
  /** False leaves the host name out of the TLS handshake (SNI). True when absent. */
  sendServerName?: boolean
}

/** An answer of any status. Header names are in lower case; values are Latin-1; the body is decompressed. */
export interface HttpAnswer {
  kind: 'answer'
  status: number
  headers: ResponseHeaders
  body: Buffer
}

export interface HttpFailure {
  kind: FailureKind
  message: string
  /** The system's or OpenSSL's name for it, such as ECONNRESET or CERT_HAS_EXPIRED. */
  code: string | null
  /** False when the request cannot have reached the app, since no connection stood. */
  wasSent: boolean
  /** What had arrived when it failed; the body is as on the wire and may be cut. Null when not even a status had. */
  partial: { status: number; headers: ResponseHeaders; body: Buffer } | null
}

export interface HttpClient {
  /**
   * Makes one request: no redirects, no cookies, no retries, but one when the far side had closed a kept connection
   * before it saw the request. Waits for a free socket first when the origin has `socketsPerOrigin` requests in
   * flight; the limits count from then. Never rejects.
   */
  request(request: HttpRequest): Promise<HttpAnswer | HttpFailure>
  /** Ends all connections; requests in flight fail. */
  close(): Promise<void>
}

export interface HttpClientOptions {
  /** More requests to one origin wait in line. */
  socketsPerOrigin?: number
  /** How host names become addresses; the system's resolver when absent. */
  resolve?: Resolve
}

/** Enough for an app that takes a second to answer 256 texts a second, and far from a process's limit of open files. */
const SOCKETS_PER_ORIGIN = 256
/** Shorter than any common server's own (gunicorn: 2 s), so that we seldom write into a connection being closed. A `Keep-Alive: timeout` in an answer overrules it. */
const KEEP_ALIVE_MS = 1_500
const KEEP_ALIVE_MAX_MS = 30_000
/** Room for 50 cookies of a few hundred bytes in one answer; Node's 16 kB is not. */
const MAX_HEADER_BYTES = 64 * 1024

/** Makes a client for URLs that somebody else chose: pooled, limited in every direction, and safe against calls into our own network. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const resolve = options.resolve ?? resolveBySystem
  const slots = createSlots(options.socketsPerOrigin ?? SOCKETS_PER_ORIGIN)
  const agents = new Map<string, Agent>()
  const connections: Connections = { opened: 0, ofError: new WeakMap() }

  /** Connections opened under one set of rules are never used under another. */
  function agentFor(key: string, allowPrivate: boolean, sendServerName: boolean): Agent {
    const existing = agents.get(key)
    if (existing) return existing
    const agent = new Agent({
      connect: guardedConnector({ allowPrivate, sendServerName, resolve }, connections),
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Exchanges keep their own time, exact to the millisecond.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    agents.set(key, agent)
    return agent
  }

  async function request(asked: HttpRequest): Promise<HttpAnswer | HttpFailure> {
    const url = parseUrl(asked.url)
    if (!url) return { kind: 'bad_url', message: 'not an http or https URL', code: null, wasSent: false, partial: null }
    const sendServerName = asked.sendServerName ?? true
    const agentKey = `${asked.allowPrivate ? 'any' : 'public'} ${sendServerName ? 'sni' : 'no-sni'}`
    const agent = agentFor(agentKey, asked.allowPrivate, sendServerName)
    const dispatch = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: asked.method,
      headers: asked.headers,
      body: asked.body,
    }
    const slot = `${agentKey} ${url.origin}`
    await slots.claim(slot)
    try {
      const openedBefore = connections.opened
      const end = await exchange(agent, dispatch, asked)
      const isStale =
        asked.isRepeatable !== false && end.status === null && connectionOf(end.error, connections) <= openedBefore
      return await resultOf(isStale ? await exchange(agent, dispatch, asked) : end, asked.maxBytes)
    } finally {
      slots.release(slot)
    }
  }

  return {
    request,
    close: async () => {
      await Promise.all([...agents.values()].map(agent => agent.destroy()))
    },
  }
}

/** The number of the connection on which an error happened; no connection counts as later than all. */
function connectionOf(error: Error | null, connections: Connections): number {
  return (error && connections.ofError.get(error)) ?? Number.POSITIVE_INFINITY
}

function parseUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null
}

async function resultOf(end: ExchangeEnd, maxBytes: number): Promise<HttpAnswer | HttpFailure> {
  if (end.error !== null || end.status === null) return failed(end, end.error ?? new Error('no answer'))
  const encoding = end.headers['content-encoding']
  if (encoding === undefined) return { kind: 'answer', status: end.status, headers: end.headers, body: end.body }
  try {
    const body = await decodeBody(end.body, String(encoding), maxBytes)
    return { kind: 'answer', status: end.status, headers: end.headers, body }
  } catch (error) {
    return failed(end, error instanceof Error ? error : new Error(String(error)))
  }
}

function failed(end: ExchangeEnd, error: Error): HttpFailure {
  const { kind, message, systemCode } = failureOf(error)
  const partial = end.status === null ? null : { status: end.status, headers: end.headers, body: end.body }
  return { kind, message, code: systemCode, wasSent: end.wasSent, partial }
}
