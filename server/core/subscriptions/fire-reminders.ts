import { ACCOUNT_LANE } from '../../domain/lane.ts'
import { isReminderDue, nextTimerOf, type Subscription } from '../../domain/subscription.ts'
import { loadDueSubscriptions } from '../../store/subscriptions.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { envelopeOf, filtersOn } from './envelope.ts'
import { endSubscription, storeChange } from './open-subscription.ts'
import { pushCall } from './queue-pushes.ts'
import { spellSubscription } from './spell-subscription.ts'

const MAX_AN_ACT = 200

/** Reminds the account's webhooks that they run out soon, where they asked for it, and ends those that did. True when there may be more. */
export async function fireReminders(core: Core, accountId: string): Promise<boolean> {
  return act(core, accountId, async step => {
    const due = await step.load<Subscription>(loadDueSubscriptions, [accountId, step.now, MAX_AN_ACT])
    for (const subscription of due) {
      if (subscription.expiresAt <= step.now) {
        endSubscription(step, subscription)
        continue
      }
      if (subscription.status === 'active') {
        const body = spellSubscription(subscription, core.publicUrl, step.now)
        for (const filter of filtersOn(subscription, 'expiry')) {
          if (!isReminderDue(filter, subscription, step.now)) continue
          step.addCall(pushCall(step, subscription, envelopeOf(subscription, filter, body, step.now)))
        }
      }
      subscription.timerAt = nextTimerOf(subscription, step.now)
      step.due(ACCOUNT_LANE, subscription.timerAt)
      storeChange(step, subscription)
    }
    return due.length === MAX_AN_ACT
  })
}
