import { formatDuration } from '../../../domain/duration.ts'
import { isUuid, sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { AddressRule, AutoCreation } from '../../../store/read/addresses.ts'
import type { AccountSettings } from '../../../store/read/services.ts'
import type { Place } from './conversation.ts'

/** What holds for all conversations of an account. Source: OpenAPI `conversations.v1.configuration`. */
export function configurationResource(
  { accountSid, base }: Place,
  { serviceId, poolId, settings }: { serviceId: string; poolId: string; settings: AccountSettings },
) {
  const serviceSid = sid('IS', serviceId)
  const timer = (ms: number | null | undefined) => (ms ? formatDuration(ms) : null)
  return {
    account_sid: accountSid,
    default_chat_service_sid: serviceSid,
    default_messaging_service_sid: sid('MG', poolId),
    default_inactive_timer: timer(settings.defaultInactiveAfterMs),
    default_closed_timer: timer(settings.defaultClosesAfterMs),
    url: `${base}/Configuration`,
    links: {
      service: `${base}/Services/${serviceSid}/Configuration`,
      webhooks: `${base}/Configuration/Webhooks`,
    },
  }
}

/** What happens to texts that reach an address. Source: OpenAPI `conversations.v1.configuration_address`. */
export function addressResource({ accountSid, base }: Place, rule: AddressRule, defaultServiceId: string) {
  const addressSid = sid('IG', rule.id)
  return {
    sid: addressSid,
    account_sid: accountSid,
    type: rule.kind,
    address: isUuid(rule.address) ? sid('MG', rule.address) : rule.address,
    friendly_name: rule.friendlyName,
    auto_creation: autoCreationOf(rule.autoCreation, defaultServiceId),
    date_created: formatIsoSeconds(rule.createdAt),
    date_updated: formatIsoSeconds(rule.updatedAt),
    url: `${base}/Configuration/Addresses/${addressSid}`,
    address_country: rule.country,
  }
}

/** Only the keys that matter for its type. */
function autoCreationOf(auto: AutoCreation, defaultServiceId: string) {
  const shared = {
    enabled: auto.enabled,
    type: auto.kind,
    conversation_service_sid: sid('IS', auto.serviceId ?? defaultServiceId),
  }
  switch (auto.kind) {
    case 'webhook':
      return {
        ...shared,
        webhook_url: auto.webhookUrl ?? null,
        webhook_method: auto.webhookMethod ?? 'POST',
        webhook_filters: auto.webhookFilters ?? [],
      }
    case 'studio':
      return {
        ...shared,
        studio_flow_sid: auto.studioFlowSid ?? null,
        studio_retry_count: auto.studioRetryCount ?? 0,
      }
    case 'default':
      return shared
    default:
      return auto.kind satisfies never
  }
}
