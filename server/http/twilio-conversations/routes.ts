import { askingDoors } from '../../core/threads/asked-acts.ts'
import type { ThreadDoors } from '../../core/threads/thread-doors.ts'
import type { App } from '../server.ts'
import { registerTwilioDialect, type TwilioDialectOptions } from '../twilio-routes.ts'
import { addressRoutes } from './address-routes.ts'
import { openConversationsApi } from './api.ts'
import { configurationRoutes } from './configuration-routes.ts'
import { conversationRoutes } from './conversation-routes.ts'
import { openDefaultServices } from './default-services.ts'
import { CONVERSATIONS_SPELLINGS } from './errors.ts'
import { hookRoutes } from './hook-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { participantConversationRoutes } from './participant-conversation-routes.ts'
import { participantRoutes } from './participant-routes.ts'
import { pushRoutes } from './push-routes.ts'
import { type ConversationsLimits, openChangeCounter } from './rate-limits.ts'
import { receiptRoutes } from './receipt-routes.ts'
import { roleRoutes } from './role-routes.ts'
import { serviceRoutes } from './service-routes.ts'
import { userConversationRoutes } from './user-conversation-routes.ts'
import { userRoutes } from './user-routes.ts'
import { withParticipantsRoutes } from './with-participants-routes.ts'

export interface TwilioConversationsOptions extends TwilioDialectOptions {
  threadDoors: ThreadDoors
  /** Where URLs in answers begin, where the operator said so; else where the request came in. */
  publicUrl: string | null
  limits: ConversationsLimits | null
}

/** Conversations v1, at `/conversations/v1` and at hosts that begin with `conversations.`. */
export function registerTwilioConversations(server: App, options: TwilioConversationsOptions): void {
  registerTwilioDialect(server, options, {
    prefix: '/conversations/v1',
    spellings: CONVERSATIONS_SPELLINGS,
    hasPlainPaths: true,
    routes: resources => {
      const api = openConversationsApi(resources, {
        doors: askingDoors(options.core, options.threadDoors),
        services: openDefaultServices(options.core),
        publicUrl: options.publicUrl,
        countChange: openChangeCounter(options.limits, options.core.clock),
      })
      conversationRoutes(api)
      hookRoutes(api)
      notificationRoutes(api)
      pushRoutes(api)
      withParticipantsRoutes(api)
      participantRoutes(api)
      participantConversationRoutes(api)
      messageRoutes(api)
      receiptRoutes(api)
      userRoutes(api)
      userConversationRoutes(api)
      roleRoutes(api)
      serviceRoutes(api)
      configurationRoutes(api)
      addressRoutes(api)
    },
  })
}
