import { changeProxySession, deleteProxySession } from '../../core/proxy/change-session.ts'
import { openProxySession } from '../../core/proxy/open-session.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import type { SessionStatus } from '../../domain/proxy.ts'
import { findProxySession, listProxySessions, type ProxySession } from '../../store/read/proxy.ts'
import { notFound } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { badStatus, refuse } from './errors.ts'
import { readParticipants, readSession, readUniqueName } from './requests.ts'
import { sessionResource } from './resources.ts'
import { serviceOf } from './service-routes.ts'
import { wishOf } from './wish.ts'

export function sessionRoutes(api: V1Api): void {
  const { core, resource } = api

  resource('/Services/:serviceSid/Sessions', {
    async create(call) {
      const { accountId, parameters } = call
      const { id: serviceId } = await serviceOf(api, call)
      const { ttlS, expiresAt, mode, status } = readSession(parameters)
      if (status !== undefined && status !== 'open') throw badStatus(status)
      if (expiresAt && expiresAt <= core.clock.world()) throw refuse(20001, 'DateExpiry is in the past')
      const participants = []
      for (const asked of readParticipants(parameters)) participants.push(await wishOf(api, call, asked))
      const session = await openProxySession(core, accountId, {
        serviceId,
        uniqueName: readUniqueName(parameters) ?? null,
        mode: mode ?? 'voice-and-message',
        ttlS: ttlS ?? null,
        expiresAt: expiresAt ?? null,
        participants,
      })
      return sessionResource(call, session)
    },
    async list(call) {
      const { id: serviceId } = await serviceOf(api, call)
      return answerV1List(call, {
        key: 'sessions',
        read: asked => listProxySessions(core.db, call.accountId, serviceId, asked),
        spell: session => sessionResource(call, session),
      })
    },
  })

  resource('/Services/:serviceSid/Sessions/:sessionSid', {
    fetch: async call => sessionResource(call, await sessionOf(api, call)),
    async update(call) {
      const session = await sessionOf(api, call)
      const { ttlS, expiresAt, status } = readSession(call.parameters)
      await changeProxySession(core, call.accountId, session.id, {
        ...(ttlS !== undefined && { ttlS }),
        ...(expiresAt !== undefined && { expiresAt }),
        ...(status !== undefined && { isOpen: readOpenness(session, status) }),
      })
      return sessionResource(call, await sessionOf(api, call))
    },
    async remove(call) {
      await deleteProxySession(core, call.accountId, (await sessionOf(api, call)).id)
    },
  })
}

/** The session that the path names, by SID or name. */
export async function sessionOf(api: V1Api, call: V1Call): Promise<ProxySession> {
  const { id: serviceId } = await serviceOf(api, call)
  const name = call.path.sessionSid ?? ''
  const asked = { serviceId, id: uuidOfSid('KC', name), name }
  const session = await findProxySession(api.core.db, call.accountId, asked)
  if (!session) throw notFound(call.request)
  return session
}

/** Sessions are opened and closed by hand; that they are in use shows by itself. Refuses 80608. */
function readOpenness(session: ProxySession, status: SessionStatus): boolean {
  if (status === 'closed') return false
  const isBack = status === 'open' && session.status === 'in-progress'
  if (status === 'failed' || status === 'unknown' || isBack) throw badStatus(status)
  return true
}
