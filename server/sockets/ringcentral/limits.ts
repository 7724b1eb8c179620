import { ABSOLUTE_SECONDS, RECOVERY_SECONDS } from '../../domain/subscription.ts'

/** What a connection is told of its limits. Source: RingCentral, WebSocket, ConnectionDetails. */
export const LIMITS = {
  maxConnectionsPerSession: 50,
  /** Notifications that a recovered session is given; one that missed more has failed. */
  recoveryBufferSize: 100,
  recoveryTimeout: RECOVERY_SECONDS,
  idleTimeout: 1800,
  absoluteTimeout: ABSOLUTE_SECONDS,
  maxActiveRequests: 10,
} as const

/** As much as a request by plain HTTP may send. */
export const MAX_FRAME_BYTES = 1024 * 1024
/** What a client may leave unread: about as many notifications as it could be given again, many times over. */
export const MAX_UNREAD_BYTES = 4 * 1024 * 1024

/** When a connection was last heard of, in machine time. */
export interface Signs {
  openedMs: number
  /** The last frame of the client: pongs are not his doing. */
  framedMs: number
  /** Whether it answered the last ping. */
  hasPonged: boolean
}

/** Why a connection must end now; null when it need not. */
export function overdue({ openedMs, framedMs, hasPonged }: Signs, nowMs: number): 'idle' | 'too_old' | 'lost' | null {
  if (nowMs - openedMs >= LIMITS.absoluteTimeout * 1000) return 'too_old'
  if (nowMs - framedMs >= LIMITS.idleTimeout * 1000) return 'idle'
  return hasPonged ? null : 'lost'
}
