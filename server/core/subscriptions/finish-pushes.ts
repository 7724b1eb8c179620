import type { Subscription } from '../../domain/subscription.ts'
import { loadSubscriptions } from '../../store/subscriptions.ts'
import { act } from '../act.ts'
import { closeCall, type FinishedCall, loadWaiting } from '../calls/finish-calls.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { storeChange } from './open-subscription.ts'

/** After so many deliveries in a row that failed, a webhook is given up until it is renewed. */
export const MAX_FAILURES = 10
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 3_600_000

/**
 * Keeps what came of pushes. One that failed is tried again after 1 s, 2 s, 4 s ... and what comes later for the same
 * webhook waits behind it; the tenth failure in a row gives the webhook up. Tells of each whether it will be tried again.
 */
export async function finishPushes(core: Core, accountId: string, finished: FinishedCall[]): Promise<boolean[]> {
  return act(core, accountId, async step => {
    const waiting = await loadWaiting(step, finished)
    const subscriptions = await subscriptionsOf(step, finished)
    return finished.map(done => {
      if (!waiting.delete(done.call.id)) return false
      const subscription = subscriptions.get(done.call.subscriptionId ?? '')
      const retryAt = subscription?.status === 'active' ? judge(step, subscription, done) : null
      closeCall(step, { ...done, retryAt }, done.warnings)
      return retryAt !== null
    })
  })
}

async function subscriptionsOf(step: Act, finished: FinishedCall[]): Promise<Map<string, Subscription>> {
  const ids = [...new Set(finished.flatMap(({ call }) => call.subscriptionId ?? []))]
  const rows = await step.load<Subscription>(loadSubscriptions, [step.accountId, JSON.stringify(ids)])
  return new Map(rows.map(row => [row.id, row]))
}

/** Counts one delivery; when to try again. */
function judge(step: Act, subscription: Subscription, { errorCode, errorMessage }: FinishedCall): Date | null {
  if (errorCode === null) {
    if (subscription.failures > 0) change(step, subscription, { failures: 0 })
    return null
  }
  const failures = subscription.failures + 1
  if (failures < MAX_FAILURES) {
    change(step, subscription, { failures })
    return new Date(step.now.getTime() + Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS))
  }
  const blacklistReason = errorMessage ?? 'The webhook could not be reached'
  change(step, subscription, { failures, status: 'blacklisted', blacklistedAt: step.now, blacklistReason })
  return null
}

function change(step: Act, subscription: Subscription, changes: Partial<Subscription>): void {
  Object.assign(subscription, changes)
  storeChange(step, subscription)
}
