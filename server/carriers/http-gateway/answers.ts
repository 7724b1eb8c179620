import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import { cleanText } from '../../domain/text.ts'
import type { HttpAnswer, HttpFailure } from '../../kit/http-client.ts'
import type { SendResult } from '../carrier.ts'
import { type Format, parseBody } from './body.ts'
import { keptId } from './gateway-ids.ts'
import { meaningOf } from './meanings.ts'
import { findTexts, readField, type Source } from './path.ts'

/** What an answer to a send says. `isThrottled`: slow down. */
export interface ReadAnswer {
  result: SendResult
  isThrottled: boolean
}

const MAX_MESSAGE_LENGTH = 300
/** A gateway that names a later time is asked in between. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000

/** An emoji at the end is not cut in half. */
function cut(text: string): string {
  return cleanText(text.slice(0, MAX_MESSAGE_LENGTH))
}

/** Reads the answer to a send; `reference` is the text's id where the gateway gives none. */
export function readAnswer(settings: GatewaySettings, answer: HttpAnswer, reference: string): ReadAnswer {
  const { answer: where = {} } = settings
  const source = sourceOf(answer, where.format ?? 'json')
  const code = source && codeIn(source, where)
  const { status } = answer
  const carrierCode = (code && cut(code)) ?? `HTTP ${status}`
  const told = source && readField(source, where.message)
  const message = told ? cut(told) : `The gateway answered ${status}.`
  const meaning = meaningOf(settings, { status, code: code ?? null })
  if (typeof meaning === 'number') return said({ kind: 'refused', errorCode: meaning, carrierCode, message })
  switch (meaning) {
    case 'taken':
      return said(taken(source && where.id ? findTexts(source, where.id) : null, where.id, reference))
    case 'throttled':
    case 'retry': {
      const afterMs = retryAfterMs(answer)
      const isThrottled = meaning === 'throttled'
      const why = isThrottled ? { why: 'busy' as const } : {}
      const result: SendResult = { kind: 'retry', ...why, carrierCode, message, ...(afterMs !== null && { afterMs }) }
      return { result, isThrottled }
    }
    case 'unknown':
      return said({ kind: 'unknown', message: `${message} (${carrierCode})` })
    default:
      return meaning satisfies never
  }
}

/** What it says when there was no answer: what was surely not sent is tried again, all else is in doubt. */
export function readFailure({ kind, message, wasSent }: HttpFailure): SendResult {
  if (wasSent) return { kind: 'unknown', message: `The gateway did not answer: ${message}.` }
  return { kind: 'retry', why: 'away', carrierCode: kind, message: `The gateway was not reached: ${message}.` }
}

function taken(ids: string[] | null, path: string | undefined, reference: string): SendResult {
  if (path === undefined) return { kind: 'taken', carrierMessageId: reference }
  const [carrierMessageId, ...otherPartIds] = (ids ?? []).filter(id => id !== '').map(keptId)
  if (carrierMessageId === undefined) {
    return { kind: 'unknown', message: 'The gateway seems to have taken it, but its answer names no id.' }
  }
  return { kind: 'taken', carrierMessageId, ...(otherPartIds.length > 0 && { otherPartIds }) }
}

function codeIn(source: Source, { code, ok = [] }: NonNullable<GatewaySettings['answer']>): string | null {
  const found = readField(source, code)
  return found === null || ok.includes(found) ? null : found
}

function sourceOf({ body, headers }: HttpAnswer, format: Format): Source | null {
  const parsed = parseBody(body, format)
  if (parsed === undefined) return null
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return { event: parsed, body: parsed, query: {}, headers: Object.fromEntries(texts) }
}

/** Seconds; dates are seldom and would need the far clock. Source: RFC 9110, 10.2.3. */
function retryAfterMs({ headers }: HttpAnswer): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : null
}

function said(result: SendResult): ReadAnswer {
  return { result, isThrottled: false }
}
