import Type from 'typebox'
import { changeAccountDelivery, changeNumberDelivery } from '../../core/change-delivery.ts'
import { WrittenAccountDelivery, WrittenNumberDelivery } from '../../domain/delivery-settings.ts'
import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import { listUnknownTexts } from '../../store/read/unknown-texts.ts'
import type { HeddleApi } from './api.ts'
import { NumberPage } from './pool-schemas.ts'

const NumberPath = Type.Object({ number: Type.String() })
const UnknownTexts = Type.Object({
  records: Type.Array(
    Type.Object({
      id: Type.String({ format: 'uuid' }),
      number: Type.String(),
      person: Type.String(),
      carrier: Type.Union([Type.Null(), Type.String()]),
      createdAt: Type.String({ format: 'date-time' }),
      since: Type.String({ format: 'date-time' }),
    }),
  ),
  next: Type.Union([Type.Null(), Type.Integer()]),
})
const DEFAULT_PAGE = 100

/** How texts leave: rates, priorities, routes and quiet hours of the account and of its numbers. */
export function deliveryRoutes({ app, core, account }: HeddleApi): void {
  app.get(
    '/v1/delivery',
    { schema: { summary: 'Tell how texts of the account leave', response: { 200: WrittenAccountDelivery } } },
    async request => {
      const { accountId } = await account(request)
      return changeAccountDelivery(core, accountId, {})
    },
  )

  app.patch(
    '/v1/delivery',
    {
      schema: {
        summary: 'Change how texts of the account leave; null takes a setting back',
        body: WrittenAccountDelivery,
        response: { 200: WrittenAccountDelivery },
      },
    },
    async request => {
      const { accountId } = await account(request)
      return changeAccountDelivery(core, accountId, request.body)
    },
  )

  app.get(
    '/v1/numbers/:number/delivery',
    {
      schema: {
        summary: 'Tell how texts of a number leave',
        params: NumberPath,
        response: { 200: WrittenNumberDelivery },
      },
    },
    async request => {
      const { accountId } = await account(request)
      return changeNumberDelivery(core, accountId, written(request.params.number), {})
    },
  )

  app.patch(
    '/v1/numbers/:number/delivery',
    {
      schema: {
        summary: 'Change how texts of a number leave; null takes a setting back',
        params: NumberPath,
        body: WrittenNumberDelivery,
        response: { 200: WrittenNumberDelivery },
      },
    },
    async request => {
      const { accountId } = await account(request)
      return changeNumberDelivery(core, accountId, written(request.params.number), request.body)
    },
  )

  app.get(
    '/v1/texts/unknown',
    {
      schema: {
        summary: 'List texts that may or may not have been sent, oldest first',
        querystring: NumberPage,
        response: { 200: UnknownTexts },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { after, limit = DEFAULT_PAGE } = request.query
      const texts = await listUnknownTexts(core.db, { accountId, after, limit })
      return {
        records: texts.map(({ createdAt, since, born: _, ...text }) => ({
          ...text,
          createdAt: createdAt.toISOString(),
          since: since.toISOString(),
        })),
        next: texts.length === limit ? (texts.at(-1)?.born ?? null) : null,
      }
    },
  )
}

function written(number: string): string {
  return canonicalPhoneNumber(number) ?? number
}
