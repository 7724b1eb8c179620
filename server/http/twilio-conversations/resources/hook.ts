import { sid } from '../../../domain/ids.ts'
import { formatIsoSeconds } from '../../../domain/wire-time.ts'
import type { HookSettings, ThreadHook } from '../../../store/read/hooks.ts'
import type { Place } from './conversation.ts'

/** Hooks of the account. Source: OpenAPI `conversations.v1.configuration.configuration_webhook`. */
export function accountHooksResource({ accountSid, base }: Place, hooks: HookSettings) {
  return {
    account_sid: accountSid,
    method: hooks.method ?? 'POST',
    filters: hooks.filters ?? null,
    pre_webhook_url: hooks.preUrl ?? null,
    post_webhook_url: hooks.postUrl ?? null,
    target: hooks.target ?? 'webhook',
    url: `${base}/Configuration/Webhooks`,
  }
}

/** Hooks of a service. Source: OpenAPI `...service_configuration.service_webhook_configuration`. */
export function serviceHooksResource({ accountSid, base }: Place, serviceId: string, hooks: HookSettings) {
  return {
    account_sid: accountSid,
    chat_service_sid: sid('IS', serviceId),
    pre_webhook_url: hooks.preUrl ?? null,
    post_webhook_url: hooks.postUrl ?? null,
    filters: hooks.filters ?? null,
    method: hooks.method ?? null,
    url: `${base}/Configuration/Webhooks`,
  }
}

/** A hook of one conversation. Source: OpenAPI `conversations.v1.conversation.conversation_scoped_webhook`. */
export function threadHookResource({ accountSid, base, namedService }: Place, hook: ThreadHook) {
  const conversationSid = sid('CH', hook.threadId)
  const hookSid = sid('WH', hook.id)
  return {
    sid: hookSid,
    account_sid: accountSid,
    ...namedService,
    conversation_sid: conversationSid,
    target: hook.target,
    url: `${base}/Conversations/${conversationSid}/Webhooks/${hookSid}`,
    configuration: configurationOf(hook),
    date_created: formatIsoSeconds(hook.createdAt),
    date_updated: formatIsoSeconds(hook.updatedAt),
  }
}

/** The method is in lower case here, and the words of a trigger come as its filters too: so Twilio's examples have it. */
function configurationOf({ target, settings }: ThreadHook) {
  const { url = null, method = 'POST', filters = [], triggers = [], flowSid = null } = settings
  switch (target) {
    case 'webhook':
      return { url, method: method.toLowerCase(), filters }
    case 'trigger':
      return { url, method: method.toLowerCase(), triggers, filters: triggers }
    case 'studio':
      return { flow_sid: flowSid }
    default:
      return target satisfies never
  }
}
