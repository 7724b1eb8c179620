import type { ThreadDoors } from '../../core/threads/thread-doors.ts'
import type { App } from '../server.ts'
import { registerTwilioDialect, type TwilioDialectOptions } from '../twilio-routes.ts'
import { openConversationsApi } from './api.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { openDefaultServices } from './default-services.ts'
import { CONVERSATIONS_SPELLINGS } from './errors.ts'
import { messageRoutes } from './message-routes.ts'
import { participantRoutes } from './participant-routes.ts'
import { receiptRoutes } from './receipt-routes.ts'

export interface TwilioConversationsOptions extends TwilioDialectOptions {
  threadDoors: ThreadDoors
  /** Where URLs in answers begin, where the operator said so; else where the request came in. */
  publicUrl: string | null
}

/** Conversations v1, at `/conversations/v1` and at hosts that begin with `conversations.`. */
export function registerTwilioConversations(server: App, options: TwilioConversationsOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/conversations/v1',
    spellings: CONVERSATIONS_SPELLINGS,
    hasPlainPaths: true,
    routes: resources => {
      const api = openConversationsApi(resources, {
        doors: options.threadDoors,
        services: openDefaultServices(options.core),
        publicUrl: options.publicUrl,
      })
      conversationRoutes(api)
      participantRoutes(api)
      messageRoutes(api)
      receiptRoutes(api)
    },
  })
}
