import { changeServiceSettings, setAccountHooks } from '../../core/threads/set-hooks.ts'
import { addThreadHook, deleteHook, updateHook } from '../../core/threads/thread-hooks.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { listThreadHooks, type ThreadHook } from '../../store/read/hooks.ts'
import { findAccountSettings, findService } from '../../store/read/services.ts'
import { notFound } from '../twilio-errors.ts'
import { pageOfAll, readPage, v1List } from '../twilio-paging.ts'
import type { ConversationsApi, ServiceCall, ServiceVerbs } from './api.ts'
import { readHooks, readNewThreadHook, readThreadHook } from './hook-requests.ts'
import { accountHooksResource, serviceHooksResource, threadHookResource } from './resources/hook.ts'
import { threadOf, threadRefOf } from './thread-path.ts'

/** Twilio shows five hooks of a conversation a page, which are all that it may have. */
const PAGES = { maxSize: 5 }

/** Who is asked and told of what happens in conversations: for the account, for a service, for one conversation. */
export function hookRoutes(api: ConversationsApi): void {
  const { core, inAccount, inService } = api

  const accountHooks: ServiceVerbs = {
    async fetch(call) {
      const settings = await findAccountSettings(core.db, call.accountId)
      return accountHooksResource(call, settings.hooks ?? {})
    },
    async update(call) {
      return accountHooksResource(call, await setAccountHooks(core, call.accountId, readHooks(call.parameters)))
    },
  }
  inAccount('/Configuration/Webhooks', accountHooks)
  // Where they were before Configuration came.
  inAccount('/Conversations/Webhooks', accountHooks)

  inAccount('/Services/:serviceSid/Configuration/Webhooks', {
    async fetch(call) {
      const service = await findService(core.db, call.accountId, call.serviceId)
      if (!service) throw notFound(call.request)
      return serviceHooksResource(call, call.serviceId, service.settings.hooks ?? {})
    },
    async update(call) {
      const { target: _, ...change } = readHooks(call.parameters)
      const settings = await changeServiceSettings(core, call.accountId, call.serviceId, kept => ({
        ...kept,
        hooks: { ...kept.hooks, ...change },
      }))
      return serviceHooksResource(call, call.serviceId, settings.hooks ?? {})
    },
  })

  inService('/Conversations/:conversationSid/Webhooks', {
    async create(call) {
      const ref = await threadRefOf(api, call)
      const hook = await addThreadHook(core, call.accountId, ref, readNewThreadHook(call.parameters))
      return threadHookResource(call, hook)
    },
    async list(call) {
      const thread = await threadOf(api, call)
      const all = await listThreadHooks(core.db, call.accountId, thread.id)
      const page = pageOfAll(all, readPage(call.parameters, PAGES), hook => [hook.born])
      const records = page.rows.map(hook => threadHookResource(call, hook))
      return v1List(call.request, call.origin, 'webhooks', records, page)
    },
  })

  inService('/Conversations/:conversationSid/Webhooks/:hookSid', {
    fetch: async call => threadHookResource(call, await hookOf(api, call)),
    async update(call) {
      const hook = await hookOf(api, call)
      const ref = { threadId: hook.threadId, serviceId: call.serviceId, hookId: hook.id }
      const change = readThreadHook(call.parameters, hook.target)
      return threadHookResource(call, await updateHook(core, call.accountId, ref, change))
    },
    async remove(call) {
      const hook = await hookOf(api, call)
      await deleteHook(core, call.accountId, {
        threadId: hook.threadId,
        serviceId: call.serviceId,
        hookId: hook.id,
      })
    },
  })
}

/** The hook that the path names. Refuses 20404. */
async function hookOf(api: ConversationsApi, call: ServiceCall): Promise<ThreadHook> {
  const thread = await threadOf(api, call)
  const id = uuidOfSid('WH', call.path.hookSid ?? '')
  const hooks = id ? await listThreadHooks(api.core.db, call.accountId, thread.id) : []
  const hook = hooks.find(each => each.id === id)
  if (!hook) throw notFound(call.request)
  return hook
}
