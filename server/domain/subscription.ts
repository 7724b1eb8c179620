/** What a subscription may be told of. */
export type Topic =
  /** Threads changed. */
  | 'threads'
  /** Messages, notes or the history of threads changed. */
  | 'entries'
  /** A user's texts outside of threads changed. */
  | 'texts'
  /** A text reached a user, with all it says. */
  | 'instant_texts'
  /** A user handles other queues than before. */
  | 'grants'
  /** The subscription itself runs out soon. */
  | 'expiry'

/** One thing that a subscription asked to be told of. */
export interface EventFilter {
  topic: Topic
  /** As it is shown and sent: the filter of the request with its ids spelled out. */
  text: string
  /** Of texts: only those that came in, or went out. */
  direction: 'in' | 'out' | null
  /** Of `expiry`: seconds before the end from which it is told, and seconds between. */
  thresholdSeconds: number | null
  intervalSeconds: number | null
  /** The permission that the program lacks: the filter is kept and tells nothing. */
  lacks: string | null
}

export type Transport = 'webhook' | 'websocket'

/** A program that a user subscribed to what happens. */
export interface Subscription {
  id: string
  userId: string
  clientId: string
  transport: Transport
  filters: EventFilter[]
  /** The decimal id by which clients know the user. */
  extensionId: number
  /** Where webhooks go; null for WebSockets. */
  address: string | null
  status: 'active' | 'blacklisted'
  /** Deliveries that failed since the last that did not. */
  failures: number
  blacklistedAt: Date | null
  blacklistReason: string | null
  /** The session of a WebSocket, which a later connection may recover; null for webhooks. */
  sessionId: string | null
  /** The connection that has the session now. */
  connectionId: string | null
  /** Machine time until which a WebSocket's session may be recovered. */
  aliveUntil: Date | null
  createdAt: Date
  updatedAt: Date
  /** World time. */
  expiresAt: Date
  /** When somebody must look: a reminder is due, or the end. */
  timerAt: Date | null
  deletedAt: Date | null
  version: number
  born: number
}

/** How long a broken WebSocket's session may be recovered. Source: RingCentral, ConnectionDetails. */
export const RECOVERY_SECONDS = 180
/** How long a WebSocket may last. */
export const ABSOLUTE_SECONDS = 86_400

/** When a subscription must be looked at after `now`: for its next reminder, or its end. */
export function nextTimerOf({ filters, expiresAt }: Pick<Subscription, 'filters' | 'expiresAt'>, now: Date): Date {
  const reminders = filters.flatMap(filter => nextReminder(filter, expiresAt, now) ?? [])
  return new Date(Math.min(expiresAt.getTime(), ...reminders))
}

/** Whether a filter's reminder is due at a timer that was set for then. */
export function isReminderDue(filter: EventFilter, { expiresAt, timerAt }: Subscription, now: Date): boolean {
  if (!timerAt) return false
  const next = nextReminder(filter, expiresAt, new Date(timerAt.getTime() - 1))
  return next !== null && next <= now.getTime()
}

/** Milliseconds of the first reminder after `now`: at the threshold before the end, then every interval. */
function nextReminder(filter: EventFilter, expiresAt: Date, now: Date): number | null {
  if (filter.topic !== 'expiry' || filter.thresholdSeconds === null || filter.lacks) return null
  const firstMs = expiresAt.getTime() - filter.thresholdSeconds * 1000
  if (firstMs > now.getTime()) return firstMs
  if (filter.intervalSeconds === null) return null
  const intervalMs = filter.intervalSeconds * 1000
  const nextMs = firstMs + (Math.floor((now.getTime() - firstMs) / intervalMs) + 1) * intervalMs
  return nextMs < expiresAt.getTime() ? nextMs : null
}
