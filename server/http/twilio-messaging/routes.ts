import type { Doors } from '../../core/doors.ts'
import type { App } from '../server.ts'
import { registerTwilioDialect, type TwilioDialectOptions } from '../twilio-routes.ts'
import { MESSAGING_SPELLINGS } from './errors.ts'
import { mediaRoutes } from './media-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { resourceRoutes } from './resources/routes.ts'

export interface TwilioMessagingOptions extends TwilioDialectOptions {
  doors: Doors
}

/** Programmable Messaging and the resources around it: Twilio's API of 2010-04-01. */
export function registerTwilioMessaging(server: App, options: TwilioMessagingOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/2010-04-01',
    spellings: MESSAGING_SPELLINGS,
    routes: resources => {
      messageRoutes(resources, options.doors)
      mediaRoutes(resources)
      resourceRoutes(resources)
    },
  })
}
