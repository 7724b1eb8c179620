import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import { cleanText } from '../../domain/text.ts'
import { type Format, fieldsOf, parseBody } from './body.ts'
import { findAll, type Source } from './path.ts'
import type { SignedRequest } from './signatures.ts'

/** The events that a request of the gateway tells of, in order; null when its body can't be read. */
export function readEvents(
  { format, events }: Pick<GatewaySettings, 'format' | 'events'>,
  { method, headers, query, body }: Omit<SignedRequest, 'url'>,
): Source[] | null {
  const isInQuery = method === 'GET' && body.length === 0
  const parsed = isInQuery ? query : parseBody(body, format ?? formatOf(headers['content-type']))
  if (parsed === undefined) return null
  const whole: Source = { event: parsed, body: parsed, query, headers }
  const found = findAll(whole, events ?? '.')
  return found.flatMap(each => (Array.isArray(each) ? each : [each])).map(event => ({ ...whole, event }))
}

function formatOf(header = ''): Format {
  const contentType = header.trim().toLowerCase()
  if (contentType.includes('x-www-form-urlencoded')) return 'form'
  return contentType.startsWith('text/') ? 'text' : 'json'
}

/** The query of a URL; of a name that comes several times, the first counts. */
export function queryOf(url: string): Record<string, string> {
  const at = url.indexOf('?')
  const fields = at < 0 ? {} : fieldsOf(new URLSearchParams(url.slice(at + 1)))
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [cleanText(name), cleanText([value].flat()[0] ?? '')]),
  )
}
