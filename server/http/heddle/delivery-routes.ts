import Type from 'typebox'
import { changeAccountDelivery, changeNumberDelivery } from '../../core/carriers/change-delivery.ts'
import { WrittenAccountDelivery, WrittenNumberDelivery } from '../../domain/delivery-settings.ts'
import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import type { HeddleApi } from './api.ts'

const NumberPath = Type.Object({ number: Type.String() })
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
}

function written(number: string): string {
  return canonicalPhoneNumber(number) ?? number
}
