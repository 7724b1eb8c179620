import { deleteThreadAsked, updateThreadAsked } from '../../core/threads/asked-acts.ts'
import { listThreads } from '../../store/read/threads.ts'
import { answerList, type ConversationsApi } from './api.ts'
import { readConversation, readNewConversation, readThreadFilter } from './conversation-requests.ts'
import { LARGE_PAGES, refuse } from './limits.ts'
import { conversationResource } from './resources/conversation.ts'
import { threadOf, threadRefOf } from './thread-path.ts'

/** What an update must name at least one of. */
const FIELDS = [
  'FriendlyName',
  'DateCreated',
  'DateUpdated',
  'MessagingServiceSid',
  'State',
  'Timers.Inactive',
  'Timers.Closed',
  'UniqueName',
  'Bindings.Email.Address',
  'Bindings.Email.Name',
] as const

export function conversationRoutes(api: ConversationsApi): void {
  const { core, doors, inService } = api

  inService('/Conversations', {
    async create(call) {
      const thread = readNewConversation(call.parameters, call.serviceId)
      const opened = await doors.open(call.accountId, { thread, participants: [], cause: call.cause })
      return conversationResource(call, opened.thread)
    },
    list: call => {
      const filter = readThreadFilter(call.parameters, call.serviceId)
      return answerList(call, {
        key: 'conversations',
        rules: { ...LARGE_PAGES, key: ['number', 'number'] },
        read: asked => listThreads(core.db, call.accountId, asked, filter),
        keyOf: thread => [thread.createdAt.getTime(), thread.born],
        spell: thread => conversationResource(call, thread),
      })
    },
  })

  inService('/Conversations/:conversationSid', {
    fetch: async call => conversationResource(call, await threadOf(api, call)),
    async update(call) {
      const ref = await threadRefOf(api, call)
      const fields = readConversation(call.parameters)
      if (!call.parameters.has(...FIELDS) && fields.attributes === undefined) {
        throw refuse(20161, 'No parameter to update was given')
      }
      return conversationResource(
        call,
        await updateThreadAsked(core, call.accountId, { ...ref, ...fields, cause: call.cause }),
      )
    },
    async remove(call) {
      await deleteThreadAsked(core, call.accountId, { ...(await threadRefOf(api, call)), cause: call.cause })
    },
  })
}
