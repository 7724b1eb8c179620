import type { App } from '../server.ts'
import { registerTwilioDialect, type TwilioDialectOptions } from '../twilio-routes.ts'
import { openV1Api } from '../twilio-v1.ts'
import { SERVICE_SPELLINGS } from './errors.ts'
import { numberRoutes } from './number-routes.ts'
import { senderRoutes } from './sender-routes.ts'
import { serviceRoutes } from './service-routes.ts'

export interface TwilioMessagingServicesOptions extends TwilioDialectOptions {
  /** Where URLs in answers begin, where the operator said so; else where the request came in. */
  publicUrl: string | null
}

/** Messaging Services, at `/messaging/v1` and at hosts that begin with `messaging.`. */
export function registerTwilioMessagingServices(server: App, options: TwilioMessagingServicesOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/messaging/v1',
    spellings: SERVICE_SPELLINGS,
    hasPlainPaths: true,
    routes: resources => {
      const api = openV1Api(resources, { product: 'messaging', publicUrl: options.publicUrl })
      serviceRoutes(api)
      numberRoutes(api)
      senderRoutes(api)
    },
  })
}
