import type { ClientRequest } from './frames.ts'

/** Makes a request of the server's own routes, as if it had come by HTTP. */
export type Inject = (request: InjectedRequest) => Promise<InjectedAnswer>

export interface InjectedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  body: string | null
  remoteAddress: string
}

export interface InjectedAnswer {
  status: number
  headers: Record<string, unknown>
  body: string
}

/** What a connection says of all its requests. */
export interface Origin {
  /** In place of an access token. */
  admission: string
  /** Of the request that opened the connection: by them absolute URLs are built. */
  headers: Record<string, string>
  remoteAddress: string
}

export interface Answer {
  status: number
  headers: Record<string, string>
  /** JSON text; null for none. */
  body: string | null
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const TOLD_HEADERS = ['content-type', 'retry-after', 'x-rate-limit-group', 'x-rate-limit-limit']
const MORE_TOLD_HEADERS = ['x-rate-limit-remaining', 'x-rate-limit-window']

/**
 * Answers a request that came over a socket by the dialect's own routes. Signing in, files and what is no JSON go by
 * plain HTTP only. Source: RingCentral, WebSocket, "Calling REST API".
 */
export async function tunnel(inject: Inject, request: ClientRequest, origin: Origin): Promise<Answer> {
  const method = METHODS.find(each => each === request.method)
  const path = pathOf(request)
  const isServed = /^\/restapi(?:\/|$)/.test(path) && !/^\/restapi\/oauth(?:\/|$)/i.test(path)
  if (!method || !isServed) {
    return refused(404, 'CMN-120', `Invalid URI: ${request.method} ${request.path.split('?', 1)[0]}`)
  }
  const hasBody = request.body !== undefined && method !== 'GET'
  const answer = await inject({
    method,
    url: urlOf(request),
    headers: {
      ...origin.headers,
      authorization: `Bearer ${origin.admission}`,
      ...(hasBody && { 'content-type': 'application/json' }),
    },
    body: hasBody ? JSON.stringify(request.body) : null,
    remoteAddress: origin.remoteAddress,
  })
  if (answer.body === '') return { status: answer.status, headers: toldHeaders(answer), body: null }
  if (!String(answer.headers['content-type']).includes('json')) {
    return refused(406, 'CMN-407', 'What is no JSON is not served over WebSockets')
  }
  return { status: answer.status, headers: toldHeaders(answer), body: answer.body }
}

/** A refusal in the envelope of the dialect. */
export function refused(status: number, errorCode: string, message: string): Answer {
  return { status, headers: {}, body: JSON.stringify({ errorCode, message, errors: [{ errorCode, message }] }) }
}

/** The path as routes see it: what leads out of it again is followed. */
function pathOf({ path }: ClientRequest): string {
  return path.startsWith('/') && URL.canParse(path, INSIDE) ? new URL(path, INSIDE).pathname : ''
}

const INSIDE = 'http://inside'

/** The path with the parameters of `query`, arrays as repeated keys. */
function urlOf({ path, query }: ClientRequest): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) parameters.append(name, String(each))
    }
  }
  const text = parameters.toString()
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`
}

function toldHeaders({ headers }: InjectedAnswer): Record<string, string> {
  return Object.fromEntries(
    [...TOLD_HEADERS, ...MORE_TOLD_HEADERS].flatMap(name => {
      const value = headers[name]
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
}
