import type { GatewaySettings, Meaning } from '../../domain/gateway-settings.ts'
import { lookUp } from './look-up.ts'

/** Why a text was refused or a receipt tells of failure, when the gateway's code says nothing to us. */
const UNKNOWN_ERROR = 30008

/**
 * Statuses that say that a text was surely not sent, and that it may be another time: credentials and credit are mended
 * by people, a redirect is a URL to be corrected. Source: RFC 9110, 15.
 */
const WORTH_ANOTHER_TRY = new Set([401, 402, 407, 408, 425, 503])

/** What a gateway's status and code mean; a code that is told goes before its status. */
export function meaningOf(
  { errors, statuses }: Pick<GatewaySettings, 'errors' | 'statuses'>,
  { status, code }: { status: number; code: string | null },
): Meaning {
  const told =
    lookUp(errors, code) ?? lookUp(statuses, String(status)) ?? lookUp(statuses, `${Math.floor(status / 100)}xx`)
  if (told !== undefined) return told
  if (status === 429) return 'throttled'
  if (WORTH_ANOTHER_TRY.has(status) || status < 200 || (status >= 300 && status < 400)) return 'retry'
  if (status >= 500) return 'unknown'
  return status >= 400 || code !== null ? UNKNOWN_ERROR : 'taken'
}

/** The code of ours for a failure that a receipt tells. */
export function failureOf(errors: GatewaySettings['errors'] | undefined, code: string | null): number {
  const told = lookUp(errors, code)
  return typeof told === 'number' ? told : UNKNOWN_ERROR
}
