import { removeInteraction } from '../../core/proxy/change-session.ts'
import { messageParticipant } from '../../core/proxy/message-participant.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { type InteractionRecord, listInteractions } from '../../store/read/proxy.ts'
import { notFound } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { participantOf } from './participant-routes.ts'
import { readText } from './requests.ts'
import { interactionResource, messageInteractionResource } from './resources.ts'
import { sessionOf } from './session-routes.ts'

const ONE = { start: { kind: 'offset' as const, offset: 0 }, size: 1 }
const SESSION = '/Services/:serviceSid/Sessions/:sessionSid'

export function interactionRoutes(api: V1Api): void {
  const { core, resource } = api

  resource(`${SESSION}/Interactions`, {
    async list(call) {
      const { id: sessionId } = await sessionOf(api, call)
      return answerV1List(call, {
        key: 'interactions',
        read: asked => listInteractions(core.db, call.accountId, { sessionId }, asked),
        spell: interaction => interactionResource(call, interaction),
      })
    },
  })

  resource(`${SESSION}/Interactions/:sid`, {
    async fetch(call) {
      const { id: sessionId } = await sessionOf(api, call)
      return interactionResource(call, await interactionOf(api, call, { sessionId }))
    },
    async remove(call) {
      const { id: sessionId } = await sessionOf(api, call)
      await removeInteraction(core, call.accountId, await interactionOf(api, call, { sessionId }))
    },
  })

  resource(`${SESSION}/Participants/:participantSid/MessageInteractions`, {
    async create(call) {
      const { id: participantId, sessionId } = await participantOf(api, call)
      const text = { sessionId, participantId, ...readText(call.parameters) }
      const { id } = await messageParticipant(core, call.accountId, text)
      const [made] = await listInteractions(core.db, call.accountId, { sessionId, id }, ONE)
      if (!made) throw notFound(call.request)
      // The contract says 200 here, where other resources say 201.
      return call.reply.code(200).send(messageInteractionResource(call, participantId, made))
    },
    async list(call) {
      const { id: participantId, sessionId } = await participantOf(api, call)
      return answerV1List(call, {
        key: 'interactions',
        read: asked => listInteractions(core.db, call.accountId, { sessionId, participantId }, asked),
        spell: interaction => messageInteractionResource(call, participantId, interaction),
      })
    },
  })

  resource(`${SESSION}/Participants/:participantSid/MessageInteractions/:sid`, {
    async fetch(call) {
      const { id: participantId, sessionId } = await participantOf(api, call)
      const interaction = await interactionOf(api, call, { sessionId, participantId })
      return messageInteractionResource(call, participantId, interaction)
    },
  })
}

async function interactionOf(
  { core }: V1Api,
  call: V1Call,
  asked: { sessionId: string; participantId?: string },
): Promise<InteractionRecord> {
  const id = uuidOfSid('KI', call.path.sid ?? '')
  const [interaction] = id ? await listInteractions(core.db, call.accountId, { ...asked, id }, ONE) : []
  if (!interaction) throw notFound(call.request)
  return interaction
}
