import { changePool, createPool, deletePool } from '../../core/pools/manage-pools.ts'
import { newId, uuidOfSid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findMessagingService, listMessagingServices, type Pool } from '../../store/read/sending-pools.ts'
import { notFound } from '../twilio-errors.ts'
import { answerV1List, type V1Api, type V1Call } from '../twilio-v1.ts'
import { refuse } from './errors.ts'
import { keptOf, NEW_SERVICE, readFriendlyName, readServiceSettings } from './requests.ts'
import { friendlyNameOf, serviceResource } from './resources.ts'

export function serviceRoutes({ core, resource }: V1Api): void {
  resource('/Services', {
    async create(call) {
      const { accountId, parameters } = call
      const friendlyName = readFriendlyName(parameters)
      if (friendlyName === undefined) throw refuse(20001, 'FriendlyName is missing')
      const settings = { ...NEW_SERVICE, ...readServiceSettings(parameters) }
      const id = await underName(friendlyName, core.clock.machineMs(), ({ name, ...alias }) =>
        createPool(core, accountId, { name, settings: { ...settings, ...alias }, picks: 'least-recently-used' }, []),
      )
      return serviceResource(call, await getService({ core }, call, id))
    },
    list: call =>
      answerV1List(call, {
        key: 'services',
        read: asked => listMessagingServices(core.db, call.accountId, asked),
        spell: pool => serviceResource(call, pool),
      }),
  })

  resource('/Services/:serviceSid', {
    fetch: async call => serviceResource(call, await serviceOf({ core }, call)),
    async update(call) {
      const { accountId, parameters } = call
      const pool = await serviceOf({ core }, call)
      const settings = readServiceSettings(parameters)
      const settingsOf = (now: Pool) => ({ ...settings, kept: { ...keptOf(now.settings), ...settings.kept } })
      const friendlyName = readFriendlyName(parameters) ?? friendlyNameOf(pool)
      if (friendlyName === friendlyNameOf(pool)) {
        await changePool(core, accountId, pool.id, now => ({ settings: settingsOf(now) }))
      } else {
        await underName(friendlyName, core.clock.machineMs(), ({ name, ...alias }) =>
          changePool(core, accountId, pool.id, now => ({ name, settings: { ...settingsOf(now), ...alias } })),
        )
      }
      return serviceResource(call, await getService({ core }, call, pool.id))
    },
    async remove(call) {
      await deletePool(core, call.accountId, (await serviceOf({ core }, call)).id)
    },
  })
}

/** The service that the path names. */
export async function serviceOf(api: Pick<V1Api, 'core'>, call: V1Call): Promise<Pool> {
  const id = uuidOfSid('MG', call.path.serviceSid ?? '')
  if (!id) throw notFound(call.request)
  return getService(api, call, id)
}

async function getService({ core }: Pick<V1Api, 'core'>, call: V1Call, id: string): Promise<Pool> {
  const pool = await findMessagingService(core.db, call.accountId, id)
  if (!pool) throw notFound(call.request)
  return pool
}

/** Writes a pool under the service's name or, since names of services may repeat, under one that nobody has. */
async function underName<T>(
  friendlyName: string,
  nowMs: number,
  write: (naming: { name: string; friendlyName: string | null }) => Promise<T>,
): Promise<T> {
  try {
    return await write({ name: friendlyName, friendlyName: null })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'unique_name_taken') throw error
    return write({ name: `${friendlyName} (${newId(nowMs)})`, friendlyName })
  }
}
