import type { App } from '../server.ts'
import { registerTwilioDialect, type TwilioDialectOptions } from '../twilio-routes.ts'
import { MESSAGING_SPELLINGS } from './errors.ts'

/** Programmable Messaging and the resources around it: Twilio's API of 2010-04-01. */
export function registerTwilioMessaging(server: App, options: TwilioDialectOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/2010-04-01',
    spellings: MESSAGING_SPELLINGS,
    routes: _resources => {},
  })
}
