import { removeParticipantAsked } from '../../core/threads/asked-acts.ts'
import { updateParticipant } from '../../core/threads/update-participant.ts'
import { findParticipation, listParticipations, type Participation } from '../../store/read/participations.ts'
import type { User } from '../../store/read/users.ts'
import { notFound } from '../twilio-errors.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { SMALL_PAGES } from './limits.ts'
import { readHorizon } from './participant-requests.ts'
import { userConversationResource } from './resources/participation.ts'
import { threadOf } from './thread-path.ts'
import { userOf } from './user-routes.ts'

/** Where a user takes part, with how far he has read. */
export function userConversationRoutes(api: ConversationsApi): void {
  const { core, inService } = api

  inService('/Users/:userSid/Conversations', {
    async list(call) {
      const user = await userOf(api, call)
      const { identity } = user
      return answerList(call, {
        key: 'conversations',
        rules: SMALL_PAGES,
        read: asked => listParticipations(core.db, call.accountId, call.serviceId, { identity }, asked),
        keyOf: ({ participant }) => [participant.born],
        spell: participation => userConversationResource(call, user, participation),
      })
    },
  })

  inService('/Users/:userSid/Conversations/:conversationSid', {
    async fetch(call) {
      const { user, participation } = await participationOf(api, call)
      return userConversationResource(call, user, participation)
    },
    async update(call) {
      const horizon = readHorizon(call.parameters)
      const level = call.parameters.oneOf('NotificationLevel', ['default', 'muted'])
      const { thread, participant } = (await participationOf(api, call)).participation
      await updateParticipant(core, call.accountId, {
        threadId: thread.id,
        serviceId: call.serviceId,
        who: { id: participant.id },
        ...horizon,
        ...(level && { notificationLevel: level }),
        cause: call.cause,
      })
      const { user, participation } = await participationOf(api, call)
      return userConversationResource(call, user, participation)
    },
    async remove(call) {
      const { thread, participant } = (await participationOf(api, call)).participation
      const ref = { threadId: thread.id, serviceId: call.serviceId, who: { id: participant.id } }
      await removeParticipantAsked(core, call.accountId, { ...ref, cause: call.cause })
    },
  })
}

async function participationOf(
  api: ConversationsApi,
  call: ServiceCall,
): Promise<{ user: User; participation: Participation }> {
  const user = await userOf(api, call)
  const thread = await threadOf(api, call)
  const participation = await findParticipation(api.core.db, call.accountId, thread.id, user.identity)
  if (!participation) throw notFound(call.request)
  return { user, participation }
}
