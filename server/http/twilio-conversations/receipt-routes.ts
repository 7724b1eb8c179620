import { uuidOfSid } from '../../domain/ids.ts'
import { listDeliveries } from '../../store/read/messages.ts'
import { notFound } from '../twilio-errors.ts'
import { pageOfAll, readPage, v1List } from '../twilio-paging.ts'
import type { ConversationsApi } from './api.ts'
import { SMALL_PAGES } from './limits.ts'
import { messageOf } from './message-routes.ts'
import { idOfReceipt, receiptResource } from './resources/receipt.ts'

export function receiptRoutes(api: ConversationsApi): void {
  const { core, inService } = api

  inService('/Conversations/:conversationSid/Messages/:messageSid/Receipts', {
    async list(call) {
      const message = await messageOf(api, call)
      const deliveries = await listDeliveries(core.db, call.accountId, message.id)
      const asked = readPage(call.parameters, { ...SMALL_PAGES, key: ['uuid'] })
      const page = pageOfAll(deliveries, asked, delivery => [idOfReceipt(delivery)])
      const records = page.rows.map(delivery => receiptResource(call, message, delivery))
      return v1List(call.request, call.origin, 'delivery_receipts', records, page)
    },
  })

  inService('/Conversations/:conversationSid/Messages/:messageSid/Receipts/:receiptSid', {
    async fetch(call) {
      const message = await messageOf(api, call)
      const id = uuidOfSid('DY', call.path.receiptSid ?? '')
      const deliveries = await listDeliveries(core.db, call.accountId, message.id)
      const delivery = deliveries.find(each => idOfReceipt(each) === id)
      if (!delivery) throw notFound(call.request)
      return receiptResource(call, message, delivery)
    },
  })
}
