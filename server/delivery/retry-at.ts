import type { RetryReason } from '../carriers/carrier.ts'
import { type Backoff, backoffMs } from '../kit/backoff.ts'

/** By why a carrier did not take a text: `away` and `busy` are answered by holding the carrier, so the text need not wait long. */
const WAITS: Record<RetryReason | 'text', Backoff> = {
  away: { firstMs: 500, maxMs: 1000 },
  busy: { firstMs: 1000, maxMs: 30_000 },
  text: { firstMs: 2000, maxMs: 5 * 60_000 },
}

export interface Tried {
  /** Tries so far. */
  attempts: number
  why?: RetryReason | undefined
  /** What the carrier asked for. */
  afterMs?: number | undefined
  /** When the text fails by itself. */
  validUntil: Date | null
}

/**
 * When a text that its carrier could not take now is tried again: after what the carrier asked for, else after a wait that
 * grows with each try, at the latest when its validity ends. `random` answers at least 0 and below 1.
 */
export function retryAt(now: Date, { attempts, why, afterMs, validUntil }: Tried, random: () => number): Date {
  const wait = WAITS[why ?? 'text']
  // Half of it is fixed, so that a text is not tried at once again.
  const ownMs = Math.ceil(wait.firstMs / 2) + backoffMs(wait, Math.max(attempts, 1), random)
  const at = now.getTime() + (afterMs ?? ownMs)
  return new Date(validUntil ? Math.max(now.getTime(), Math.min(at, validUntil.getTime())) : at)
}
