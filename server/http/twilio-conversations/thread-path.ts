import { uuidOfSid } from '../../domain/ids.ts'
import type { Thread } from '../../domain/thread.ts'
import { findThread } from '../../store/read/threads.ts'
import { notFound } from '../twilio-errors.ts'
import type { ConversationsApi, ServiceCall } from './api.ts'

/** The conversation that the path names, by SID or unique name. Refuses 20404. */
export async function threadOf({ core }: ConversationsApi, call: ServiceCall): Promise<Thread> {
  const name = call.path.conversationSid ?? ''
  const id = uuidOfSid('CH', name)
  const thread = await findThread(core.db, call.accountId, call.serviceId, id ? { id } : { uniqueName: name })
  if (!thread) throw notFound(call.request)
  return thread
}

/** What an act needs to find that conversation: a SID is taken at its word. Refuses 20404. */
export async function threadRefOf(
  api: ConversationsApi,
  call: ServiceCall,
): Promise<{ threadId: string; serviceId: string }> {
  const id = uuidOfSid('CH', call.path.conversationSid ?? '')
  return { threadId: id ?? (await threadOf(api, call)).id, serviceId: call.serviceId }
}
