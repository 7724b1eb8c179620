import { changePool, createPool, deletePool } from '../../core/pools/manage-pools.ts'
import { deleteProxyService } from '../../core/proxy/change-session.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readCapacity } from '../../store/read/pool-capacity.ts'
import { findPool, listPoolRefusals, listPools, type PoolRecord as PoolRow } from '../../store/read/pools.ts'
import type { HeddleApi } from './api.ts'
import { numberAsked, poolAsked } from './pool-asked.ts'
import { readPool, spellPool } from './pool-records.ts'
import {
  Capacity,
  CapacityAsked,
  ChangePool,
  CreatePool,
  Page,
  PoolPage,
  PoolPath,
  PoolRecord,
  RefusalPage,
} from './pool-schemas.ts'

const DEFAULT_PAGE = 50
const DEFAULT_DAYS = 30

/** `/v1/pools`: numbers that threads share, and how many of them are needed. */
export function poolRoutes({ app, core, account }: HeddleApi): void {
  app.get(
    '/v1/pools',
    { schema: { summary: 'List pools, newest first', querystring: Page, response: { 200: PoolPage } } },
    async request => {
      const { accountId } = await account(request)
      const { before, limit = DEFAULT_PAGE } = request.query
      const records = await listPools(core.db, { accountId, before, limit })
      return {
        records: records.map(spellPool),
        next: records.length === limit ? (records.at(-1)?.born ?? null) : null,
      }
    },
  )

  app.post(
    '/v1/pools',
    { schema: { summary: 'Make a pool', body: CreatePool, response: { 201: PoolRecord } } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { name, numbers = [] } = request.body
      const draft = { ...readPool(request.body), name }
      const id = await createPool(core, accountId, draft, numbers.map(numberAsked))
      return reply.code(201).send(spellPool(await getPool(accountId, id)))
    },
  )

  app.get(
    '/v1/pools/:pool',
    { schema: { summary: 'Get a pool', params: PoolPath, response: { 200: PoolRecord } } },
    async request => {
      const { accountId } = await account(request)
      return spellPool(await getPool(accountId, request.params.pool))
    },
  )

  app.patch(
    '/v1/pools/:pool',
    { schema: { summary: 'Change a pool', params: PoolPath, body: ChangePool, response: { 200: PoolRecord } } },
    async request => {
      const { accountId } = await account(request)
      const changes = readPool(request.body)
      // A messaging service that shared its name with another has that of its pool again.
      const settings = { ...changes.settings, ...(changes.name !== undefined && { friendlyName: null }) }
      const id = await changePool(core, accountId, request.params.pool, () => ({ ...changes, settings }))
      return spellPool(await getPool(accountId, id))
    },
  )

  app.delete(
    '/v1/pools/:pool',
    {
      schema: {
        summary: 'End a pool; its open threads go on, but not the sessions of one that masks',
        params: PoolPath,
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { id, settings } = await getPool(accountId, request.params.pool)
      await (settings.proxy ? deleteProxyService(core, accountId, id) : deletePool(core, accountId, id))
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/pools/:pool/capacity',
    {
      schema: {
        summary: 'How many numbers a pool needs, now and by day',
        params: PoolPath,
        querystring: CapacityAsked,
        response: { 200: Capacity },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const pool = await getPool(accountId, request.params.pool)
      const { days = DEFAULT_DAYS } = request.query
      return readCapacity(core.db, { accountId, poolId: pool.id, days, now: core.clock.world() })
    },
  )

  app.get(
    '/v1/pools/:pool/refusals',
    {
      schema: {
        summary: 'List the threads that a pool refused, newest first',
        params: PoolPath,
        querystring: Page,
        response: { 200: RefusalPage },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const pool = await getPool(accountId, request.params.pool)
      const { before, limit = DEFAULT_PAGE } = request.query
      const records = await listPoolRefusals(core.db, { accountId, poolId: pool.id, before, limit })
      return {
        records: records.map(({ born: _, needed, refusedAt, ...refusal }) => ({
          ...refusal,
          numbersNeeded: needed,
          at: refusedAt.toISOString(),
        })),
        next: records.length === limit ? (records.at(-1)?.born ?? null) : null,
      }
    },
  )

  async function getPool(accountId: string, written: string): Promise<PoolRow> {
    const pool = await findPool(core.db, accountId, poolAsked(written))
    if (!pool) throw new Refusal('pool_unknown', `There is no pool ${written}.`)
    return pool
  }
}
