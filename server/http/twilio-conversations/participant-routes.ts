import { removeParticipantAsked, updateParticipantAsked } from '../../core/threads/asked-acts.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { findParticipant, listParticipants } from '../../store/read/participants.ts'
import { notFound } from '../twilio-errors.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { LARGE_PAGES } from './limits.ts'
import { readParticipant, readParticipantChange } from './participant-requests.ts'
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

  inService('/Conversations/:conversationSid/Participants/:participantSid', {
    async fetch(call) {
      const thread = await threadOf(api, call)
      const participant = await findParticipant(core.db, call.accountId, thread.id, participantName(call))
      if (!participant) throw notFound(call.request)
      return participantResource(call, participant)
    },
    async update(call) {
      const ref = { ...(await threadRefOf(api, call)), who: participantName(call), cause: call.cause }
      const change = readParticipantChange(call.parameters)
      return participantResource(
        call,
        (await updateParticipantAsked(core, call.accountId, { ...ref, ...change })).participant,
      )
    },
    async remove(call) {
      const ref = { ...(await threadRefOf(api, call)), who: participantName(call), cause: call.cause }
      await removeParticipantAsked(core, call.accountId, ref)
    },
  })
}

/** A participant is named by SID or by identity. */
function participantName({ path }: ServiceCall): { id: string } | { identity: string } {
  const name = path.participantSid ?? ''
  const id = uuidOfSid('MB', name)
  return id ? { id } : { identity: name }
}
