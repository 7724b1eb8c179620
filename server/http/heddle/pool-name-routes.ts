import Type from 'typebox'
import { addPoolName } from '../../core/pools/pool-names.ts'
import { removePoolSender } from '../../core/pools/pool-senders.ts'
import { sid, uuidOfSid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findPool } from '../../store/read/pools.ts'
import { listPoolNames, type PoolSender } from '../../store/read/sending-pools.ts'
import type { HeddleApi } from './api.ts'
import { poolAsked } from './pool-asked.ts'
import { PoolPath } from './pool-schemas.ts'

const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'Two letters, such as FR' })

const PoolName = Type.Object({
  sid: Type.String(),
  name: Type.String(),
  country: Type.Union([Type.String(), Type.Null()]),
})

const NewName = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 11 }),
    country: Type.Optional(Country),
    carrier: Type.Optional(Type.String({ description: "By name; who carries the pool's numbers unless said" })),
  },
  { additionalProperties: false },
)

/** `/v1/pools/{pool}/names`: names that texts of a pool come from in place of a number. */
export function poolNameRoutes({ app, core, account }: HeddleApi): void {
  const poolIdOf = async (accountId: string, written: string): Promise<string> => {
    const pool = await findPool(core.db, accountId, poolAsked(written))
    if (!pool) throw new Refusal('pool_unknown', `There is no pool ${written}.`)
    return pool.id
  }

  app.get(
    '/v1/pools/:pool/names',
    {
      schema: {
        summary: 'List the names that a pool sends by, oldest first',
        params: PoolPath,
        response: { 200: Type.Object({ records: Type.Array(PoolName) }) },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const poolId = await poolIdOf(accountId, request.params.pool)
      return { records: (await listPoolNames(core.db, accountId, poolId)).map(spell) }
    },
  )

  app.post(
    '/v1/pools/:pool/names',
    {
      schema: {
        summary: 'Let a pool send by a name, everywhere where names are taken or in one country',
        params: PoolPath,
        body: NewName,
        response: { 201: PoolName },
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const poolId = await poolIdOf(accountId, request.params.pool)
      return reply.code(201).send(spell(await addPoolName(core, accountId, poolId, request.body)))
    },
  )

  app.delete(
    '/v1/pools/:pool/names/:sid',
    {
      schema: {
        summary: 'Take a name from a pool',
        params: Type.Object({ pool: Type.String(), sid: Type.String() }),
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const poolId = await poolIdOf(accountId, request.params.pool)
      const id = uuidOfSid('AI', request.params.sid)
      const found = (await listPoolNames(core.db, accountId, poolId)).find(name => name.id === id)
      if (!found) throw new Refusal('not_found', `The pool has no name ${request.params.sid}.`)
      await removePoolSender(core, accountId, found)
      return reply.code(204).send()
    },
  )
}

function spell({ id, sender, country }: PoolSender) {
  return { sid: sid('AI', id), name: sender ?? '', country }
}
