import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Clock } from '../../domain/clock.ts'
import { RateWindows } from '../../kit/rate-windows.ts'
import { RingCentralError } from './errors.ts'

/** Which limit an operation counts against. Source: RingCentral, "Rate limiting". */
export type RateGroup = 'light' | 'medium' | 'heavy' | 'auth'

/** Requests a user and program may make in a window, by group. */
export type RateLimits = Record<RateGroup, number>

export const VENDOR_LIMITS: RateLimits = { light: 50, medium: 40, heavy: 10, auth: 5 }
const WINDOW_SECONDS = 60

export interface RateLimiter {
  /** Counts one request and says how things stand in the headers. Refuses 429 CMN-301 with `Retry-After`. */
  count(reply: FastifyReply, group: RateGroup, who: string): void
}

/**
 * Counts requests in memory, per node. Without limits it only tells the vendor's numbers, so that clients which pace
 * themselves keep going. A rejected request starts the penalty anew.
 */
export function openRateLimiter(limits: RateLimits | null, clock: Clock): RateLimiter {
  const windows = new RateWindows(WINDOW_SECONDS * 1000)
  return {
    count(reply, group, who) {
      const limit = (limits ?? VENDOR_LIMITS)[group]
      if (!limits) return tell(reply, group, limit, limit)
      const nowMs = clock.machineMs()
      const window = windows.count(shortened(`${group} ${who}`), nowMs)
      tell(reply, group, limit, Math.max(0, limit - window.count))
      if (window.count <= limit) return
      window.endsMs = nowMs + WINDOW_SECONDS * 1000
      reply.header('retry-after', String(WINDOW_SECONDS))
      throw new RingCentralError(429, 'CMN-301', 'Request rate exceeded')
    },
  }
}

/** Whoever asks for a token may write a name of any length, and another each time: none is kept. */
function shortened(key: string): string {
  return createHash('sha256').update(key).digest('base64')
}

function tell(reply: FastifyReply, group: RateGroup, limit: number, remaining: number): void {
  reply
    .header('x-rate-limit-group', group)
    .header('x-rate-limit-limit', String(limit))
    .header('x-rate-limit-remaining', String(remaining))
    .header('x-rate-limit-window', String(WINDOW_SECONDS))
}
