import { uuidOfSid } from '../../domain/ids.ts'
import { listTextsOfMessage } from '../../store/read/messages.ts'
import { notFound } from '../twilio-errors.ts'
import { pageOfAll, readPage, v1List } from '../twilio-paging.ts'
import { type ConversationsApi, originIn } from './api.ts'
import { SMALL_PAGES } from './limits.ts'
import { messageOf } from './message-routes.ts'
import { receiptResource, receiptsOf } from './resources/receipt.ts'

export function receiptRoutes(api: ConversationsApi): void {
  const { core, inService } = api

  inService('/Conversations/:conversationSid/Messages/:messageSid/Receipts', {
    async list(call) {
      const message = await messageOf(api, call)
      const receipts = receiptsOf(await listTextsOfMessage(core.db, call.accountId, message.id))
      const asked = readPage(call.parameters, { ...SMALL_PAGES, key: ['uuid'] })
      const page = pageOfAll(receipts, asked, receipt => [receipt.id])
      const records = page.rows.map(receipt => receiptResource(call, message, receipt))
      return v1List(call.request, originIn(call), 'delivery_receipts', records, page)
    },
  })

  inService('/Conversations/:conversationSid/Messages/:messageSid/Receipts/:receiptSid', {
    async fetch(call) {
      const message = await messageOf(api, call)
      const id = uuidOfSid('DY', call.path.receiptSid ?? '')
      const receipts = receiptsOf(await listTextsOfMessage(core.db, call.accountId, message.id))
      const receipt = receipts.find(each => each.id === id)
      if (!receipt) throw notFound(call.request)
      return receiptResource(call, message, receipt)
    },
  })
}
