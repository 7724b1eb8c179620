import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { CarrierRefused, type NumberImports } from '../../domain/carrier-numbers.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import type { HeddleApi } from './api.ts'

const Numbers = Type.Object({
  records: Type.Array(
    Type.Object({
      number: Type.String(),
      pointsTo: Type.String(),
      isHere: Type.Boolean(),
      isImported: Type.Boolean(),
    }),
  ),
})
const CarrierPath = Type.Object({ carrier: Type.String() })

/** `/v1/carriers/:carrier/numbers`: what the account has at a carrier (by id or name), taken over and put back. */
export function carrierNumberRoutes({ app, account }: HeddleApi, imports: NumberImports): void {
  app.get(
    '/v1/carriers/:carrier/numbers',
    {
      schema: {
        summary: 'List the numbers that the account has at a carrier',
        params: CarrierPath,
        response: { 200: Numbers },
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      return answer(reply, async () => ({ records: await imports.list(accountId, request.params.carrier) }))
    },
  )

  app.post(
    '/v1/carriers/:carrier/numbers',
    {
      schema: {
        summary: 'Let texts to numbers at a carrier come here, and give the numbers to the account; all unless named',
        params: CarrierPath,
        body: Type.Object({ numbers: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })) }),
        response: { 200: Numbers },
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const numbers = request.body.numbers?.map(written) ?? null
      return answer(reply, async () => ({ records: await imports.take(accountId, request.params.carrier, numbers) }))
    },
  )

  app.delete(
    '/v1/carriers/:carrier/numbers/:number',
    {
      schema: {
        summary: 'Let texts to a number go where they went before it was imported; the account keeps the number',
        params: Type.Object({ carrier: Type.String(), number: Type.String() }),
      },
    },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { carrier, number } = request.params
      return answer(reply.code(204), () => imports.putBack(accountId, carrier, written(number)))
    },
  )
}

/** What the carrier refuses is neither the caller's fault nor ours. */
async function answer(reply: FastifyReply, ask: () => Promise<unknown>): Promise<FastifyReply> {
  try {
    return reply.send(await ask())
  } catch (error) {
    if (!(error instanceof CarrierRefused)) throw error
    return reply.code(502).send({ code: 'carrier_refused', message: error.message })
  }
}

function written(number: string): string {
  return canonicalAddress(number) ?? number
}
