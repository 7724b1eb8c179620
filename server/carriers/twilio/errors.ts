import Type from 'typebox'
import { Value } from 'typebox/value'
import type { RetryReason } from '../carrier.ts'
import type { ApiAnswer } from './api.ts'

/** What is wrong, as the API says it. Source: Twilio, "Twilio's response", exceptions. */
const ApiError = Type.Object({ code: Type.Integer(), message: Type.String() })

/**
 * Refusals of a text at its creation, as what the same trouble is called after it: 30002 account suspended, 30004 blocked,
 * 30005 unknown destination, 30006 landline or unreachable. Codes from 30000 on and 21610 are kept, all others are
 * 30008. Source: Twilio, "Error and Warning Dictionary".
 */
const REFUSALS: Record<number, number> = {
  20005: 30002,
  21211: 30005,
  21214: 30005,
  21217: 30005,
  21265: 30005,
  21408: 30004,
  21612: 30006,
  21614: 30006,
}
const OTHERWISE = 30008

/** Full queues, and limits of messages a second or a day. */
const LATER: ReadonlySet<number> = new Set([14107, 20429, 21611, 63038])
/** The queue of one number. */
const NUMBER_FULL = 21611

/** The trouble is the account's, not the text's: texts wait until somebody mends it. */
const ACCOUNT_TROUBLE: ReadonlySet<number> = new Set([401, 404])

const SUSPENDED = 20005

export interface Trouble {
  /** What becomes of a text that met it; `unclear` when it may have been taken all the same. */
  means: 'refused' | 'later' | 'unclear'
  /** Whether all texts have to wait, when this one does: there are too many, or the account cannot be used. */
  why?: RetryReason
  /** One of our codes. */
  errorCode: number
  /** The carrier's own. */
  carrierCode: string
  message: string
  /** Whether the account, not the text, is what is wrong. */
  isOfAccount: boolean
}

/** What an answer that is no success says. */
export function troubleOf({ status, body }: ApiAnswer): Trouble {
  const error = Value.Check(ApiError, body) ? body : null
  const trouble = {
    errorCode: error ? ourCode(error.code) : OTHERWISE,
    carrierCode: String(error?.code ?? `http ${status}`),
    message: error?.message ?? `It answered ${status}.`,
  }
  if (status === 429 || status === 503 || (error && LATER.has(error.code))) {
    const isFullOfOne = error?.code === NUMBER_FULL
    return { ...trouble, means: 'later', isOfAccount: false, ...(!isFullOfOne && { why: 'busy' }) }
  }
  // An error of its own making says that it took nothing; one of a proxy between us does not.
  if (status >= 500) return { ...trouble, means: error ? 'later' : 'unclear', isOfAccount: true, why: 'away' }
  if (ACCOUNT_TROUBLE.has(status) || (status >= 300 && status < 400)) {
    return { ...trouble, means: 'later', isOfAccount: true, why: 'away' }
  }
  return { ...trouble, means: 'refused', isOfAccount: error?.code === SUSPENDED }
}

/** A code of the carrier's as one of ours. */
export function ourCode(code: number): number {
  if (code === 21610 || (code >= 30_000 && code < 40_000)) return code
  return REFUSALS[code] ?? OTHERWISE
}
