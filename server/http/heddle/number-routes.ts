import Type from 'typebox'
import { setCapabilities } from '../../core/numbers/update-number.ts'
import { addPoolNumbers, removePoolNumber, setPoolNumberState } from '../../core/pools/pool-numbers.ts'
import { sid } from '../../domain/ids.ts'
import { numberSettings } from '../../domain/number-settings.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { listAccountNumbers } from '../../store/read/account-numbers.ts'
import { findPool, listPoolNumbers } from '../../store/read/pools.ts'
import type { HeddleApi } from './api.ts'
import { numberAsked, poolAsked } from './pool-asked.ts'
import { spellPoolNumber } from './pool-records.ts'
import { AddNumbers, ChangeNumber, NumberPage, Page, PoolNumberList, PoolNumberPath, PoolPath } from './pool-schemas.ts'

const DEFAULT_PAGE = 100

const Capabilities = Type.Object({
  voice: Type.Boolean(),
  sms: Type.Boolean(),
  mms: Type.Boolean(),
  fax: Type.Boolean(),
})

const NumberRecord = Type.Object({
  sid: Type.String(),
  number: Type.String(),
  kind: Type.String(),
  country: Type.String(),
  name: Type.String(),
  pool: Type.Union([Type.String(), Type.Null()]),
  openThreads: Type.Integer(),
  capabilities: Capabilities,
})
const Numbers = Type.Object({ records: Type.Array(NumberRecord), next: Type.Union([Type.Integer(), Type.Null()]) })

/** `/v1/numbers`, and which of them pools have. */
export function numberRoutes({ app, core, account }: HeddleApi): void {
  app.get(
    '/v1/numbers',
    { schema: { summary: 'List numbers of the account, newest first', querystring: Page, response: { 200: Numbers } } },
    async request => {
      const { accountId } = await account(request)
      const { before, limit = DEFAULT_PAGE } = request.query
      const records = await listAccountNumbers(core.db, { accountId, before, limit })
      return {
        records: records.map(({ id, born: _, settings, ...number }) => ({
          sid: sid(number.kind === 'short_code' ? 'SC' : 'PN', id),
          ...number,
          capabilities: numberSettings(settings).capabilities,
        })),
        next: records.length === limit ? (records.at(-1)?.born ?? null) : null,
      }
    },
  )

  app.patch(
    '/v1/numbers/:number',
    {
      schema: {
        summary: 'Say what a number can do: texts do not leave from one that cannot carry them',
        params: Type.Object({ number: Type.String() }),
        body: Type.Object({ capabilities: Type.Partial(Capabilities) }),
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const number = canonicalAddress(request.params.number) ?? request.params.number
      await setCapabilities(core, accountId, number, request.body.capabilities)
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/pools/:pool/numbers',
    {
      schema: {
        summary: 'List the numbers of a pool in its order',
        params: PoolPath,
        querystring: NumberPage,
        response: { 200: PoolNumberList },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const pool = await findPool(core.db, accountId, poolAsked(request.params.pool))
      if (!pool) throw new Refusal('pool_unknown', `There is no pool ${request.params.pool}.`)
      const { after, limit = DEFAULT_PAGE } = request.query
      const records = await listPoolNumbers(core.db, { accountId, poolId: pool.id, after, limit })
      return {
        records: records.map(spellPoolNumber),
        next: records.length === limit ? (records.at(-1)?.position ?? null) : null,
      }
    },
  )

  app.post(
    '/v1/pools/:pool/numbers',
    { schema: { summary: 'Put numbers at the end of a pool', params: PoolPath, body: AddNumbers } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const numbers = request.body.numbers.map(numberAsked)
      await addPoolNumbers(core, accountId, request.params.pool, numbers)
      return reply.code(204).send()
    },
  )

  app.patch(
    '/v1/pools/:pool/numbers/:number',
    { schema: { summary: 'Open, reserve or pause a number', params: PoolNumberPath, body: ChangeNumber } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { pool, number } = request.params
      await setPoolNumberState(core, accountId, { pool, number: numberAsked(number), state: request.body.state })
      return reply.code(204).send()
    },
  )

  app.delete(
    '/v1/pools/:pool/numbers/:number',
    { schema: { summary: 'Take a number out of a pool; its open threads go on', params: PoolNumberPath } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { pool, number } = request.params
      await removePoolNumber(core, accountId, { pool, number: numberAsked(number) })
      return reply.code(204).send()
    },
  )
}
