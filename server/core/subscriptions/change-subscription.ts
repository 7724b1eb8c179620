import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { type EventFilter, nextTimerOf, type Subscription } from '../../domain/subscription.ts'
import { loadSubscriptions } from '../../store/subscriptions.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import {
  aliveUntil,
  endSessionSubscriptions,
  endSubscription,
  type Owner,
  type SocketSession,
  storeChange,
} from './open-subscription.ts'

export interface SubscriptionChange {
  filters?: EventFilter[] | undefined
  /** Of webhooks: they run for so long from now. */
  expiresInSeconds: number
  /** The WebSocket that asks: it takes over a WebSocket's subscription, in place of what its session had subscribed. */
  socket: SocketSession | null
}

/**
 * Changes and renews a subscription of one's own; a webhook that was given up is told again, whose address has been
 * asked already. Null when it is not there, is somebody else's or has run out.
 */
export async function changeSubscription(
  core: Core,
  accountId: string,
  { id, owner }: { id: string; owner: Owner },
  change: SubscriptionChange,
): Promise<Subscription | null> {
  return act(core, accountId, async step => {
    const subscription = await loadOwn(core, step, id, owner)
    if (!subscription) return null
    if (change.filters) subscription.filters = change.filters
    if (subscription.transport === 'webhook') {
      renew(step, subscription, change.expiresInSeconds)
    } else if (change.socket) {
      await endSessionSubscriptions(step, change.socket.sessionId, subscription.id)
      Object.assign(subscription, change.socket)
      subscription.aliveUntil = aliveUntil(core)
    }
    storeChange(step, subscription)
    return subscription
  })
}

/** Ends a subscription of one's own. False when it is not there, is somebody else's or has run out. */
export async function deleteSubscription(
  core: Core,
  accountId: string,
  { id, owner }: { id: string; owner: Owner },
): Promise<boolean> {
  return act(core, accountId, async step => {
    const subscription = await loadOwn(core, step, id, owner)
    if (subscription) endSubscription(step, subscription)
    return subscription !== null
  })
}

/** Whether a subscription has not ended by itself: a webhook by world time, a WebSocket's by machine time. */
export function isLive(core: Core, { transport, expiresAt, aliveUntil: until }: Subscription): boolean {
  if (transport === 'webhook') return expiresAt > core.clock.world()
  return until !== null && until.getTime() > core.clock.machineMs()
}

function renew(step: Act, subscription: Subscription, expiresInSeconds: number): void {
  subscription.expiresAt = new Date(step.now.getTime() + expiresInSeconds * 1000)
  subscription.timerAt = nextTimerOf(subscription, step.now)
  step.due(ACCOUNT_LANE, subscription.timerAt)
  Object.assign(subscription, { status: 'active', failures: 0, blacklistedAt: null, blacklistReason: null })
}

async function loadOwn(core: Core, step: Act, id: string, owner: Owner): Promise<Subscription | null> {
  const [found] = await step.load<Subscription>(loadSubscriptions, [step.accountId, JSON.stringify([id])])
  if (found?.userId !== owner.userId || found.clientId !== owner.clientId || !isLive(core, found)) return null
  return found
}
