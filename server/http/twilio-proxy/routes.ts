import type { App } from '../server.ts'
import { registerTwilioDialect, type TwilioDialectOptions } from '../twilio-routes.ts'
import { openV1Api } from '../twilio-v1.ts'
import { PROXY_SPELLINGS } from './errors.ts'
import { interactionRoutes } from './interaction-routes.ts'
import { numberRoutes } from './number-routes.ts'
import { participantRoutes } from './participant-routes.ts'
import { serviceRoutes } from './service-routes.ts'
import { sessionRoutes } from './session-routes.ts'

export interface TwilioProxyOptions extends TwilioDialectOptions {
  /** Where URLs in answers begin, where the operator said so; else where the request came in. */
  publicUrl: string | null
}

/** Proxy, at `/proxy/v1` and at hosts that begin with `proxy.`. */
export function registerTwilioProxy(server: App, options: TwilioProxyOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/proxy/v1',
    spellings: PROXY_SPELLINGS,
    hasPlainPaths: true,
    routes: resources => {
      const api = openV1Api(resources, { product: 'proxy', publicUrl: options.publicUrl })
      serviceRoutes(api)
      numberRoutes(api)
      sessionRoutes(api)
      participantRoutes(api)
      interactionRoutes(api)
    },
  })
}
