import { deleteProxyService } from '../../core/proxy/change-session.ts'
import { changeProxyService, createProxyService } from '../../core/proxy/set-up-proxy.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { findProxyService, listProxyServices } from '../../store/read/proxy.ts'
import type { Pool } from '../../store/read/sending-pools.ts'
import { notFound } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { refuse } from './errors.ts'
import { NEW_PROXY_SERVICE, readProxyService, readUniqueName } from './requests.ts'
import { serviceResource } from './resources.ts'

export function serviceRoutes(api: V1Api): void {
  const { core, resource } = api

  resource('/Services', {
    async create(call) {
      const name = readUniqueName(call.parameters)
      if (name === undefined) throw refuse(20001, 'UniqueName is missing')
      const proxy = { ...NEW_PROXY_SERVICE, ...readProxyService(call.parameters) }
      const id = await createProxyService(core, call.accountId, name, proxy)
      return serviceResource(call, await getService(api, call, id))
    },
    list: call =>
      answerV1List(call, {
        key: 'services',
        read: asked => listProxyServices(core.db, call.accountId, asked),
        spell: pool => serviceResource(call, pool),
      }),
  })

  resource('/Services/:serviceSid', {
    fetch: async call => serviceResource(call, await serviceOf(api, call)),
    async update(call) {
      const { id } = await serviceOf(api, call)
      const name = readUniqueName(call.parameters)
      const proxy = readProxyService(call.parameters)
      await changeProxyService(core, call.accountId, id, { proxy, ...(name !== undefined && { name }) })
      return serviceResource(call, await getService(api, call, id))
    },
    async remove(call) {
      await deleteProxyService(core, call.accountId, (await serviceOf(api, call)).id)
    },
  })
}

/** The service that the path names, by SID or name. */
export async function serviceOf({ core }: V1Api, call: V1Call): Promise<Pool> {
  const name = call.path.serviceSid ?? ''
  const pool = await findProxyService(core.db, call.accountId, { id: uuidOfSid('KS', name), name })
  if (!pool) throw notFound(call.request)
  return pool
}

async function getService({ core }: V1Api, call: V1Call, id: string): Promise<Pool> {
  const pool = await findProxyService(core.db, call.accountId, { id, name: '' })
  if (!pool) throw notFound(call.request)
  return pool
}
