import type { Lifetimes } from '../../core/sign-in/sessions.ts'
import { cleanText } from '../../domain/text.ts'
import { OAuthError } from './oauth-errors.ts'

const DEFAULT_ACCESS_SECONDS = 3600
const MIN_ACCESS_SECONDS = 600
const MAX_ACCESS_SECONDS = 3600
const DEFAULT_REFRESH_SECONDS = 604_800
const MAX_REFRESH_SECONDS = 2_592_000

/** The fields of a form or query, the first of each, as the database can hold them; empty ones are as if they were not there. */
export function readForm(form: unknown): Record<string, string> {
  if (typeof form !== 'object' || form === null) return {}
  const fields = Object.entries(form).flatMap(([name, value]) => {
    const first: unknown = Array.isArray(value) ? value[0] : value
    return typeof first === 'string' && first !== '' ? [[name, cleanText(first)] as const] : []
  })
  return Object.fromEntries(fields)
}

/** A program's id and secret by HTTP Basic; null without such a header. Refuses OAU-123 when it can't be read. */
export function readBasic(authorization: string | undefined): { clientId: string; secret: string } | null {
  if (authorization === undefined || !/^basic /i.test(authorization)) return null
  const match = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization)
  const decoded = match?.[1] ? cleanText(Buffer.from(match[1], 'base64').toString('utf8')) : ''
  const colon = decoded.indexOf(':')
  if (colon < 1) throw new OAuthError('invalid_client', 'OAU-123', 'Authorization header cannot be read')
  return { clientId: decoded.slice(0, colon), secret: decoded.slice(colon + 1) }
}

/**
 * Lifetimes that a client asks for, drawn into what is allowed. What is no number above zero means the default: after a
 * 401 the JS SDK asks for -1. Source: RingCentral, "Get token".
 */
export function lifetimesOf(form: Record<string, string>): Lifetimes {
  const access = secondsOf(form.access_token_ttl) ?? DEFAULT_ACCESS_SECONDS
  const refresh = secondsOf(form.refresh_token_ttl) ?? DEFAULT_REFRESH_SECONDS
  return {
    accessSeconds: Math.min(MAX_ACCESS_SECONDS, Math.max(MIN_ACCESS_SECONDS, access)),
    refreshSeconds: Math.min(MAX_REFRESH_SECONDS, refresh),
  }
}

function secondsOf(text: string | undefined): number | null {
  const seconds = Math.floor(Number(text))
  return text !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
