import { changeMessageAsked, removeMessageAsked } from '../../core/threads/asked-acts.ts'
import type { MessageRef } from '../../core/threads/change-message.ts'
import type { Cause } from '../../core/threads/thread-events.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { type DeliveryCounts, findMessage, listMessages, type MessageRecord } from '../../store/read/messages.ts'
import { notFound } from '../twilio-errors.ts'
import { answerList, type ConversationsApi, type ServiceCall } from './api.ts'
import { LARGE_PAGES } from './limits.ts'
import { readMessage, readMessageChange } from './message-requests.ts'
import { messageResource } from './resources/message.ts'
import { threadOf, threadRefOf } from './thread-path.ts'

export function messageRoutes(api: ConversationsApi): void {
  const { core, doors, inService } = api

  inService('/Conversations/:conversationSid/Messages', {
    async create(call) {
      const ref = await threadRefOf(api, call)
      const saying = readMessage(call.parameters)
      const said = await doors.say(call.accountId, { ...saying, ...ref, origin: 'api', cause: call.cause })
      const delivery: DeliveryCounts = {}
      for (const { status, settings } of said.texts) {
        delivery[status] = (delivery[status] ?? 0) + (settings?.recipientIds?.length ?? 1)
      }
      return messageResource(call, { ...said.message, delivery })
    },
    async list(call) {
      const thread = await threadOf(api, call)
      const order = call.parameters.oneOf('Order', ['asc', 'desc']) ?? 'asc'
      return answerList(call, {
        key: 'messages',
        rules: LARGE_PAGES,
        read: asked => listMessages(core.db, call.accountId, thread.id, asked, order),
        keyOf: message => [message.index],
        spell: message => messageResource(call, message),
      })
    },
  })

  inService('/Conversations/:conversationSid/Messages/:messageSid', {
    fetch: async call => messageResource(call, await messageOf(api, call)),
    async update(call) {
      const ref = await messageRefOf(api, call)
      const { id } = await changeMessageAsked(core, call.accountId, { ...ref, ...readMessageChange(call.parameters) })
      const changed = await findMessage(core.db, call.accountId, ref.threadId, id)
      if (!changed) throw notFound(call.request)
      return messageResource(call, changed)
    },
    async remove(call) {
      await removeMessageAsked(core, call.accountId, await messageRefOf(api, call))
    },
  })
}

async function messageRefOf(api: ConversationsApi, call: ServiceCall): Promise<MessageRef & { cause: Cause }> {
  const messageId = uuidOfSid('IM', call.path.messageSid ?? '')
  if (!messageId) throw notFound(call.request)
  return { ...(await threadRefOf(api, call)), messageId, cause: call.cause }
}

/** The message that the path names. Refuses 20404. */
export async function messageOf(api: ConversationsApi, call: ServiceCall): Promise<MessageRecord> {
  const thread = await threadOf(api, call)
  const id = uuidOfSid('IM', call.path.messageSid ?? '')
  const message = id ? await findMessage(api.core.db, call.accountId, thread.id, id) : null
  if (!message) throw notFound(call.request)
  return message
}
