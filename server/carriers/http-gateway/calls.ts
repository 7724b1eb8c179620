import type { GatewayCheck, GatewaySend, GatewaySettings } from '../../domain/gateway-settings.ts'
import type { HttpRequest } from '../../kit/http-client.ts'
import type { Filler } from './template.ts'

type Call = Omit<GatewaySend, 'media'> | GatewayCheck

const CONNECT_TIMEOUT_MS = 10_000
const ANSWER_WITHIN_MS = 30_000
const MAX_ANSWER_BYTES = 1024 * 1024
const CONTROLS = /\p{Cc}/gu

/** A call to the gateway, its templates filled in. The operator named its address, so it may be in our own network. */
export function composeCall(settings: GatewaySettings, call: Call, filler: Filler): HttpRequest {
  const url = filler.url(call.url)
  const query = call.query ? filler.form(call.query).toString() : ''
  const { body, contentType } = composeBody(call, filler)
  const answerWithinMs = settings.answerWithinMs ?? ANSWER_WITHIN_MS
  return {
    url: query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`,
    method: call.method ?? (body === null ? 'GET' : 'POST'),
    headers: {
      accept: 'application/json, */*;q=0.5',
      'user-agent': 'Heddle/1.0',
      ...(contentType !== null && { 'content-type': contentType }),
      ...authHeaders(settings, filler),
      ...headersOf(settings.headers, filler),
      ...headersOf(call.headers, filler),
    },
    body,
    allowPrivate: true,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, answerWithinMs),
    readTimeoutMs: answerWithinMs,
    totalMs: answerWithinMs,
    maxBytes: MAX_ANSWER_BYTES,
    // A text that it may have read is not sent again.
    isRepeatable: false,
  }
}

/** The header that names us to the gateway; none when its credentials stand elsewhere. */
export function authHeaders({ auth }: GatewaySettings, filler: Filler): Record<string, string> {
  if (!auth) return {}
  if ('bearer' in auth) return { authorization: `Bearer ${filler.text(auth.bearer)}` }
  const credentials = `${filler.text(auth.basic.user)}:${filler.text(auth.basic.password)}`
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
}

function composeBody(call: Call, filler: Filler): { body: string | null; contentType: string | null } {
  if ('json' in call && call.json !== undefined) {
    return { body: JSON.stringify(filler.value(call.json)), contentType: 'application/json' }
  }
  if ('form' in call && call.form) {
    return { body: filler.form(call.form).toString(), contentType: 'application/x-www-form-urlencoded' }
  }
  return { body: null, contentType: null }
}

function headersOf(templates: Record<string, string> = {}, filler: Filler): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name.toLowerCase(), headerValue(filler.text(template))]),
  )
}

/** A header is one line; what Latin-1 lacks goes as UTF-8. */
function headerValue(text: string): string {
  return Buffer.from(text.replace(CONTROLS, ' ')).toString('latin1')
}
