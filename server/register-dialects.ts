import type { Config } from './config.ts'
import type { Core } from './core/core.ts'
import type { Doors } from './core/doors.ts'
import type { Admissions } from './core/sign-in/admissions.ts'
import { openThreadDoors } from './core/threads/thread-doors.ts'
import type { Credentials } from './http/credentials.ts'
import { type HeddleApiOptions, registerHeddleApi } from './http/heddle/routes.ts'
import { registerRingCentral } from './http/ringcentral/routes.ts'
import type { App } from './http/server.ts'
import { openConcurrentRequests } from './http/twilio-concurrency.ts'
import { registerMediaService } from './http/twilio-conversations/media/routes.ts'
import { registerTwilioConversations } from './http/twilio-conversations/routes.ts'
import { registerTwilioMessaging } from './http/twilio-messaging/routes.ts'
import { registerTwilioMessagingServices } from './http/twilio-messaging-services/routes.ts'
import { registerTwilioProxy } from './http/twilio-proxy/routes.ts'
import type { HttpClient } from './kit/http-client.ts'
import { openAskAddress } from './webhooks/ask-address.ts'

export interface DialectsOptions extends Pick<HeddleApiOptions, 'carrierHealth' | 'numberImports'> {
  core: Core
  doors: Doors
  credentials: Credentials
  admissions: Admissions
  client: HttpClient
  onError(error: unknown): void
}

/** Serves every wire API, the vendors' and our own, on the one server. */
export function registerDialects(server: App, config: Config, options: DialectsOptions): void {
  const { core, doors, credentials, admissions, client, carrierHealth, numberImports, onError } = options
  const publicUrl = config.publicUrl ?? null
  registerHeddleApi(server, { core, doors, credentials, carrierHealth, numberImports, onError })

  const concurrency = openConcurrentRequests(config.twilioLimits?.requests ?? null)
  const twilio = { core, credentials, onError, concurrency, publicUrl }
  registerTwilioMessaging(server, { ...twilio, doors })
  registerTwilioMessagingServices(server, twilio)
  registerTwilioProxy(server, twilio)
  registerTwilioConversations(server, {
    ...twilio,
    threadDoors: openThreadDoors(core),
    limits: config.conversationsLimits,
  })
  registerMediaService(server, { core, credentials, onError, publicUrl })

  registerRingCentral(server, {
    core,
    publicUrl,
    limits: config.ringcentralLimits,
    admissions,
    webhooks: {
      allowsHttp: config.allowPrivateWebhooks,
      askAddress: openAskAddress(client, config.allowPrivateWebhooks),
    },
    onError,
  })
}
