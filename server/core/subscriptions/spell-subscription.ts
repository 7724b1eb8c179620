import { ABSOLUTE_SECONDS, type Subscription } from '../../domain/subscription.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'

/**
 * A subscription as clients are shown it, in answers and in reminders. `origin` is where absolute URLs begin; the token
 * of a webhook is never shown. Source: RingCentral, SubscriptionInfo.
 */
export function spellSubscription(subscription: Subscription, origin: string, now: Date) {
  const { id, filters, transport, address, createdAt, expiresAt } = subscription
  const disabled = filters.filter(filter => filter.lacks !== null)
  const expiresIn = Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000))
  return {
    id,
    uri: `${origin}/restapi/v1.0/subscription/${id}`,
    eventFilters: filters.map(filter => filter.text),
    ...(disabled.length > 0 && {
      disabledFilters: disabled.map(({ text, lacks }) => ({
        filter: text,
        reason: 'CMN-401',
        message: `Application needs to have [${lacks}] permission`,
      })),
    }),
    creationTime: formatIsoMilliseconds(createdAt),
    expirationTime: formatIsoMilliseconds(expiresAt),
    expiresIn: transport === 'websocket' ? Math.min(expiresIn, ABSOLUTE_SECONDS) : expiresIn,
    status: subscription.status === 'active' ? 'Active' : 'Blacklisted',
    deliveryMode:
      transport === 'webhook'
        ? { transportType: 'WebHook', address, encryption: false }
        : { transportType: 'WebSocket', encryption: false },
    ...(subscription.blacklistedAt && {
      blacklistedData: {
        blacklistedAt: formatIsoMilliseconds(subscription.blacklistedAt),
        reason: subscription.blacklistReason ?? '',
      },
    }),
  }
}
