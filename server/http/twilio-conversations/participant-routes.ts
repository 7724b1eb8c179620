import { listParticipants } from '../../store/read/participants.ts'
import { answerList, type ConversationsApi } from './api.ts'
import { LARGE_PAGES } from './limits.ts'
import { readParticipant } from './participant-requests.ts'
import { participantResource } from './resources/participant.ts'
import { threadOf, threadRefOf } from './thread-path.ts'

export function participantRoutes(api: ConversationsApi): void {
  const { core, doors, inService } = api

  inService('/Conversations/:conversationSid/Participants', {
    async create(call) {
      const ref = await threadRefOf(api, call)
      const participant = readParticipant(call.parameters)
      return participantResource(call, await doors.join(call.accountId, { ...ref, participant, cause: call.cause }))
    },
    async list(call) {
      const thread = await threadOf(api, call)
      return answerList(call, {
        key: 'participants',
        rules: LARGE_PAGES,
        read: asked => listParticipants(core.db, call.accountId, thread.id, asked),
        keyOf: participant => [participant.born],
        spell: participant => participantResource(call, participant),
      })
    },
  })
}
