/**
 * The life of an sms:
 *
 *     scheduled -> accepted -> queued -> sending -> sent -> delivered -> read
 *         '-> canceled                      |         '---> undelivered
 *                                  failed <-'-> unknown -> whatever a later receipt says
 *
 * An inbound sms is `received` and stays so. `unknown`: the link broke while the text was under way, so it may or may not
 * have been sent. Source: Twilio, Messages resource, status values; `unknown` is ours.
 */
export const DELIVERY_STATUSES = [
  'scheduled',
  'accepted',
  'queued',
  'sending',
  'unknown',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'canceled',
  'received',
  'read',
] as const

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** How far along a status is; the ends that exclude each other share a rank. */
export const DELIVERY_RANK: Readonly<Record<DeliveryStatus, number>> = {
  scheduled: 0,
  accepted: 1,
  queued: 2,
  sending: 3,
  unknown: 4,
  sent: 5,
  delivered: 6,
  undelivered: 6,
  failed: 6,
  canceled: 6,
  received: 6,
  read: 7,
}

/** True when nothing more is expected: the carrier has had its last word, but for a `read` after `delivered`. */
export function isTerminal(status: DeliveryStatus): boolean {
  return DELIVERY_RANK[status] >= DELIVERY_RANK.delivered
}

/**
 * The status an sms takes when it is `current` and `reported` arrives, or null when nothing changes. Receipts come twice
 * and out of order, so a status only moves forward, steps may be skipped, and an end stays, but that a delivered text may
 * yet be read. Only a scheduled sms can be canceled, and only an `unknown` one may go back (to be sent again).
 */
export function advance(current: DeliveryStatus, reported: DeliveryStatus): DeliveryStatus | null {
  if (reported === current || reported === 'received') return null
  if (reported === 'canceled') return current === 'scheduled' ? reported : null
  if (current === 'unknown') return reported
  if (isTerminal(current)) return current === 'delivered' && reported === 'read' ? reported : null
  return DELIVERY_RANK[reported] > DELIVERY_RANK[current] ? reported : null
}
