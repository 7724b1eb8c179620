import { newId } from '../../domain/ids.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import {
  ABSOLUTE_SECONDS,
  type EventFilter,
  nextTimerOf,
  RECOVERY_SECONDS,
  type Subscription,
} from '../../domain/subscription.ts'
import {
  countWebhooks,
  insertSubscription,
  loadSessionSubscriptions,
  purgeSubscriptions,
  updateSubscription,
} from '../../store/subscriptions.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

/** Whose subscription it is, by which program. */
export interface Owner {
  userId: string
  clientId: string
  extensionId: number
}

/** A WebSocket's session and the connection that has it. */
export interface SocketSession {
  sessionId: string
  connectionId: string
}

export interface WebhookWish {
  filters: EventFilter[]
  address: string
  /** Shown to the receiver with each delivery. */
  verificationToken: string | null
  expiresInSeconds: number
}

/** Source: RingCentral, "Create subscription", SUB-505. */
export const MAX_WEBHOOKS = 30
/** How long what ended is kept: until all nodes have surely learned of it. */
const KEPT_MS = 3_600_000

/** Subscribes a webhook; null when the user has as many by this program as may be. Its address has been asked already. */
export async function openWebhook(
  core: Core,
  accountId: string,
  owner: Owner,
  wish: WebhookWish,
): Promise<Subscription | null> {
  const { verificationToken } = wish
  return act(core, accountId, async step => {
    const asked = [accountId, owner.userId, owner.clientId, step.now]
    const [counted] = await step.load<{ count: number }>(countWebhooks, asked)
    if ((counted?.count ?? 0) >= MAX_WEBHOOKS) return null
    const opened: Subscription = {
      ...newSubscription(step, owner, wish.filters),
      transport: 'webhook',
      address: wish.address,
      expiresAt: new Date(step.now.getTime() + wish.expiresInSeconds * 1000),
    }
    opened.timerAt = nextTimerOf(opened, step.now)
    step.due(ACCOUNT_LANE, opened.timerAt)
    const sealed = verificationToken === null ? null : `\\x${core.seal.seal(verificationToken).toString('hex')}`
    step.changes.add(insertSubscription, { ...opened, verificationToken: sealed })
    step.changes.touchConfig()
    purge(core, step)
    return opened
  })
}

/** Subscribes a WebSocket's session, in place of what it had subscribed. */
export async function openOnSocket(
  core: Core,
  accountId: string,
  owner: Owner,
  { filters, socket }: { filters: EventFilter[]; socket: SocketSession },
): Promise<Subscription> {
  return act(core, accountId, async step => {
    await endSessionSubscriptions(step, socket.sessionId)
    const opened: Subscription = {
      ...newSubscription(step, owner, filters),
      transport: 'websocket',
      ...socket,
      aliveUntil: aliveUntil(core),
      expiresAt: new Date(step.now.getTime() + ABSOLUTE_SECONDS * 1000),
    }
    step.changes.add(insertSubscription, { ...opened, verificationToken: null })
    purge(core, step)
    return opened
  })
}

/** Until when a session may be recovered whose connection stands now: it is renewed long before. */
export function aliveUntil(core: Core): Date {
  return new Date(core.clock.machineMs() + 2 * RECOVERY_SECONDS * 1000)
}

/** Ends what a WebSocket's session has subscribed, but for the one that it keeps: it has one at a time. */
export async function endSessionSubscriptions(step: Act, sessionId: string, keptId?: string): Promise<void> {
  const found = await step.load<Subscription>(loadSessionSubscriptions, [step.accountId, sessionId])
  for (const each of found) if (each.id !== keptId) endSubscription(step, each)
}

/** Ends a subscription: it is told no more. */
export function endSubscription(step: Act, subscription: Subscription): void {
  subscription.deletedAt = step.now
  subscription.timerAt = null
  storeChange(step, subscription)
}

/** Writes a changed subscription; acts that queue pushes learn of it. */
export function storeChange(step: Act, subscription: Subscription): void {
  subscription.updatedAt = step.now
  subscription.version = step.tick()
  step.changes.add(updateSubscription, subscription)
  if (subscription.transport === 'webhook') step.changes.touchConfig()
}

function newSubscription(step: Act, owner: Owner, filters: EventFilter[]): Omit<Subscription, 'transport'> {
  const version = step.tick()
  return {
    ...owner,
    id: newId(step.now.getTime()),
    filters,
    address: null,
    status: 'active',
    failures: 0,
    blacklistedAt: null,
    blacklistReason: null,
    sessionId: null,
    connectionId: null,
    aliveUntil: null,
    createdAt: step.now,
    updatedAt: step.now,
    expiresAt: step.now,
    timerAt: null,
    deletedAt: null,
    version,
    born: version,
  }
}

function purge(core: Core, step: Act): void {
  const before = new Date(step.now.getTime() - KEPT_MS)
  step.changes.add(purgeSubscriptions, { before, aliveBefore: new Date(core.clock.machineMs() - KEPT_MS) })
}
