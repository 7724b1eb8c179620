import type { Subscription } from '../../domain/subscription.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { subscriptionColumns } from '../subscriptions.ts'

export interface SubscriptionsAsked {
  userId: string
  clientId: string
  /** World time, by which webhooks run out. */
  now: Date
  /** Machine time, by which sessions of WebSockets end. */
  machineNow: Date
}

const LIVE = `s.deleted_at is null
  and case s.transport when 'webhook' then s.expires_at > $4 else s.alive_until > $5 end`

/** The subscriptions of a user by a program, oldest first, up to `limit`. */
export function listSubscriptions(
  db: Queryable,
  accountId: string,
  { userId, clientId, now, machineNow }: SubscriptionsAsked,
  limit: number,
): Promise<Subscription[]> {
  return db.query<Subscription>(
    `select ${subscriptionColumns}
     from subscriptions s
     where s.account_id = $1 and s.user_id = $2 and s.client_id = $3 and ${LIVE}
     order by s.born
     limit $6`,
    [accountId, userId, clientId, now, machineNow, limit],
  )
}

/** One of them; null when it is not there. */
export async function findSubscription(
  db: Queryable,
  accountId: string,
  { userId, clientId, now, machineNow }: SubscriptionsAsked,
  id: string,
): Promise<Subscription | null> {
  const rows = await db.query<Subscription>(
    `select ${subscriptionColumns}
     from subscriptions s
     where s.account_id = $1 and s.user_id = $2 and s.client_id = $3 and ${LIVE} and s.id = $6`,
    [accountId, userId, clientId, now, machineNow, id],
  )
  return rows[0] ?? null
}

/** The subscription of a WebSocket's session, wherever its connection was. */
export async function findSessionSubscription(
  db: Queryable,
  accountId: string,
  sessionId: string,
): Promise<Subscription | null> {
  const rows = await db.query<Subscription>(
    `select ${subscriptionColumns}
     from subscriptions s
     where s.account_id = $1 and s.session_id = $2 and s.deleted_at is null`,
    [accountId, sessionId],
  )
  return rows[0] ?? null
}

/** WebSockets' subscriptions that changed or ended in a stretch of versions. */
export function findChangedSessions(
  db: Queryable,
  accountId: string,
  { since, through }: { since: number; through: number },
): Promise<Subscription[]> {
  return db.query<Subscription>(
    `select ${subscriptionColumns}
     from subscriptions s
     where s.account_id = $1 and s.version > $2 and s.version <= $3 and s.session_id is not null`,
    [accountId, since, through],
  )
}

/** Where a push goes, and what it shows there. */
export interface PushTarget {
  address: string
  verificationToken: Uint8Array | null
}

/** Where a webhook's subscription is delivered; null when it has ended, was given up, or has run out. */
export async function findPushTarget(
  db: Queryable,
  accountId: string,
  subscriptionId: string,
  now: Date,
): Promise<PushTarget | null> {
  const rows = await db.query<PushTarget>(
    `select s.address, s.verification_token as "verificationToken"
     from subscriptions s
     where s.account_id = $1 and s.id = $2 and s.transport = 'webhook' and s.status = 'active' and s.expires_at > $3
       and s.deleted_at is null`,
    [accountId, subscriptionId, now],
  )
  return rows[0] ?? null
}
