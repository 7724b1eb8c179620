import type { Problem } from './problem.ts'

/** What makes a request worth making again. */
export type RetryReason = '4xx' | '5xx' | 'ct' | 'rt'

/** How to connect to one webhook URL. */
export interface ConnectionSettings {
  /** Until TCP and TLS stand. */
  connectTimeoutMs: number
  /** Until the first byte of the answer, and between packets. */
  readTimeoutMs: number
  /** For all attempts together. */
  totalMs: number
  retries: number
  retryOn: ReadonlySet<RetryReason>
  sendServerName: boolean
}

/** Source: Twilio, Webhooks (HTTP callbacks): Connection Overrides. */
export const DEFAULT_CONNECTION: ConnectionSettings = {
  connectTimeoutMs: 5_000,
  readTimeoutMs: 15_000,
  totalMs: 15_000,
  retries: 1,
  retryOn: new Set(['ct']),
  sendServerName: true,
}

const RETRY_REASONS: readonly RetryReason[] = ['4xx', '5xx', 'ct', 'rt']

/**
 * Reads the connection overrides in a URL's fragment (`#rc=2&rp=5xx,rt`). What is unknown or out of range leaves its
 * default and is told as a problem. `fragment` is without its `#`.
 */
export function readOverrides(fragment: string): { settings: ConnectionSettings; problems: Problem[] } {
  let settings = DEFAULT_CONNECTION
  const problems: Problem[] = []
  for (const [key, value] of new URLSearchParams(fragment)) {
    const override = overrideOf(key, value)
    if (override) settings = { ...settings, ...override }
    else problems.push({ code: 11240, message: `The connection override ${key}=${value} is not valid and was ignored` })
  }
  return { settings, problems }
}

function overrideOf(key: string, value: string): Partial<ConnectionSettings> | null {
  switch (key) {
    case 'ct':
      return limited('connectTimeoutMs', value, { least: 100, most: 10_000 })
    case 'rt':
      return limited('readTimeoutMs', value, { least: 100, most: 15_000 })
    case 'tt':
      return limited('totalMs', value, { least: 100, most: 15_000 })
    case 'rc':
      return limited('retries', value, { least: 0, most: 5 })
    case 'rp': {
      const retryOn = retryReasons(value)
      return retryOn && { retryOn }
    }
    case 'sni':
      return value === 'y' || value === 'n' ? { sendServerName: value === 'y' } : null
    case 'e':
      // The edges from which to leave Twilio's network; there are none here.
      return {}
    default:
      return null
  }
}

function limited(
  setting: 'connectTimeoutMs' | 'readTimeoutMs' | 'totalMs' | 'retries',
  value: string,
  limits: { least: number; most: number },
): Partial<ConnectionSettings> | null {
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : Number.NaN
  return number >= limits.least && number <= limits.most ? { [setting]: number } : null
}

function retryReasons(list: string): ReadonlySet<RetryReason> | null {
  const reasons = new Set<RetryReason>()
  for (const word of list.split(',')) {
    const reason = RETRY_REASONS.find(each => each === word.trim().toLowerCase())
    if (word.trim().toLowerCase() === 'all') for (const each of RETRY_REASONS) reasons.add(each)
    else if (reason) reasons.add(reason)
    else return null
  }
  return reasons
}
