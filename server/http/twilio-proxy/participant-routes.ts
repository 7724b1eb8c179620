import { removeProxyParticipant } from '../../core/proxy/change-session.ts'
import { addProxyParticipant } from '../../core/proxy/open-session.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { listProxyParticipants, type ProxyParticipant } from '../../store/read/proxy.ts'
import { notFound } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { readParticipant } from './requests.ts'
import { participantResource } from './resources.ts'
import { sessionOf } from './session-routes.ts'
import { wishOf } from './wish.ts'

const ONE = { start: { kind: 'offset' as const, offset: 0 }, size: 1 }

export function participantRoutes(api: V1Api): void {
  const { core, resource } = api

  resource('/Services/:serviceSid/Sessions/:sessionSid/Participants', {
    async create(call) {
      const { id: sessionId } = await sessionOf(api, call)
      const wish = await wishOf(api, call, readParticipant(call.parameters))
      return participantResource(call, await addProxyParticipant(core, call.accountId, sessionId, wish))
    },
    async list(call) {
      const { id: sessionId } = await sessionOf(api, call)
      return answerV1List(call, {
        key: 'participants',
        read: asked => listProxyParticipants(core.db, call.accountId, { sessionId }, asked),
        spell: participant => participantResource(call, participant),
      })
    },
  })

  resource('/Services/:serviceSid/Sessions/:sessionSid/Participants/:participantSid', {
    fetch: async call => participantResource(call, await participantOf(api, call)),
    async remove(call) {
      const { id: participantId, sessionId } = await participantOf(api, call)
      await removeProxyParticipant(core, call.accountId, { sessionId, participantId })
      // The contract says 200 here, where other resources say 204.
      return call.reply.code(200).send()
    },
  })
}

/** The participant that the path names. */
export async function participantOf(api: V1Api, call: V1Call): Promise<ProxyParticipant> {
  const { id: sessionId } = await sessionOf(api, call)
  const id = uuidOfSid('KP', call.path.participantSid ?? '')
  const [participant] = id ? await listProxyParticipants(api.core.db, call.accountId, { sessionId, id }, ONE) : []
  if (!participant) throw notFound(call.request)
  return participant
}
