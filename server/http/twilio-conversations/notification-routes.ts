import { changeServiceSettings } from '../../core/threads/set-hooks.ts'
import { sid } from '../../domain/ids.ts'
import { findService } from '../../store/read/services.ts'
import { notFound } from '../twilio-errors.ts'
import type { Parameters } from '../twilio-parameters.ts'
import type { ConversationsApi, ServiceCall } from './api.ts'

/** What push notifications say. Nothing sends them here: they are kept for programs that set and read them. */
interface NotificationSettings {
  log_enabled: boolean
  new_message: {
    enabled: boolean
    template: string
    sound: string
    badge_count_enabled: boolean
    with_media: { enabled: boolean; template: string }
  }
  added_to_conversation: { enabled: boolean; template: string; sound: string }
  removed_from_conversation: { enabled: boolean; template: string; sound: string }
}

const NOTHING_SET: NotificationSettings = {
  log_enabled: false,
  new_message: {
    enabled: false,
    template: '',
    sound: '',
    badge_count_enabled: false,
    with_media: { enabled: false, template: '' },
  },
  added_to_conversation: { enabled: false, template: '', sound: '' },
  removed_from_conversation: { enabled: false, template: '', sound: '' },
}

export function notificationRoutes({ core, inAccount }: ConversationsApi): void {
  inAccount('/Services/:serviceSid/Configuration/Notifications', {
    async fetch(call) {
      const service = await findService(core.db, call.accountId, call.serviceId)
      if (!service) throw notFound(call.request)
      return notificationResource(call, keptIn(service.settings))
    },
    async update(call) {
      const settings = await changeServiceSettings(core, call.accountId, call.serviceId, kept => ({
        ...kept,
        notifications: changed(keptIn(kept), call.parameters),
      }))
      return notificationResource(call, keptIn(settings))
    },
  })
}

function keptIn(settings: Record<string, unknown>): NotificationSettings {
  return (settings.notifications as NotificationSettings | undefined) ?? NOTHING_SET
}

function changed(kept: NotificationSettings, parameters: Parameters): NotificationSettings {
  const said = (name: string, before: { enabled: boolean; template: string; sound: string }) => ({
    enabled: parameters.flag(`${name}.Enabled`) ?? before.enabled,
    template: parameters.text(`${name}.Template`) ?? before.template,
    sound: parameters.text(`${name}.Sound`) ?? before.sound,
  })
  const { new_message: message } = kept
  return {
    log_enabled: parameters.flag('LogEnabled') ?? kept.log_enabled,
    new_message: {
      ...said('NewMessage', message),
      badge_count_enabled: parameters.flag('NewMessage.BadgeCountEnabled') ?? message.badge_count_enabled,
      with_media: {
        enabled: parameters.flag('NewMessage.WithMedia.Enabled') ?? message.with_media.enabled,
        template: parameters.text('NewMessage.WithMedia.Template') ?? message.with_media.template,
      },
    },
    added_to_conversation: said('AddedToConversation', kept.added_to_conversation),
    removed_from_conversation: said('RemovedFromConversation', kept.removed_from_conversation),
  }
}

/** Source: OpenAPI `conversations.v1.service.service_configuration.service_notification`. */
function notificationResource({ accountSid, base, serviceId }: ServiceCall, settings: NotificationSettings) {
  return {
    account_sid: accountSid,
    chat_service_sid: sid('IS', serviceId),
    ...settings,
    url: `${base}/Configuration/Notifications`,
  }
}
