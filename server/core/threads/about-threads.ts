import { sid } from '../../domain/ids.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { Asking } from './ask-first.ts'
import { findOpenThread, findThread, type ThreadRef } from './find-thread.ts'
import { messagingServiceSid, placeOf, present } from './hook-parameters.ts'
import { namingPool } from './named-pool.ts'
import { ThreadBook, type ThreadDraft } from './thread-book.ts'
import type { ThreadChange } from './update-thread.ts'

/** What hooks are asked about threads. Source: Twilio Conversations, "Webhooks reference". */

/** May this thread be opened? */
export function aboutOpening(draft: ThreadDraft): Asking {
  return async (step, cause) => ({
    event: 'onConversationAdd',
    serviceId: draft.serviceId,
    threadId: null,
    source: cause.source,
    told: present([
      ['ChatServiceSid', sid('IS', draft.serviceId)],
      ['MessagingServiceSid', messagingServiceSid(step.accountId, namingPool(await step.ownerSettings(), draft))],
      ['UniqueName', draft.uniqueName],
      ['State', draft.state ?? 'active'],
    ]),
    draft: { friendlyName: draft.friendlyName ?? '', attributes: draft.attributes ?? '{}' },
  })
}

/** May this be changed of the thread? */
export function aboutUpdate(change: ThreadChange): Asking {
  return async (step, cause) => {
    const { thread } = findOpenThread(await ThreadBook.load(step, { ids: [change.threadId] }), change)
    const { friendlyName = thread.friendlyName, attributes = thread.attributes } = change
    return {
      event: 'onConversationUpdate',
      serviceId: change.serviceId,
      threadId: thread.id,
      source: cause.source,
      told: present([
        ...placeOf(step.accountId, { ...thread, settings: { ...thread.settings, ...change.settings } }),
        ['UniqueName', change.uniqueName === undefined ? thread.uniqueName : change.uniqueName],
        ['State', change.state ?? thread.state],
        ['DateCreated', formatIsoMilliseconds(thread.createdAt)],
        ['DateUpdated', formatIsoMilliseconds(thread.updatedAt)],
      ]),
      draft: { friendlyName: friendlyName ?? '', attributes },
    }
  }
}

/** May the thread be deleted? */
export function aboutDeletion(ref: ThreadRef): Asking {
  return async (step, cause) => {
    const { thread } = findThread(await ThreadBook.load(step, { ids: [ref.threadId] }), ref)
    return {
      event: 'onConversationRemove',
      serviceId: ref.serviceId,
      threadId: thread.id,
      source: cause.source,
      told: present([
        ...placeOf(step.accountId, thread),
        ['FriendlyName', thread.friendlyName],
        ['UniqueName', thread.uniqueName],
        ['Attributes', thread.attributes],
        ['State', thread.state],
        ['DateCreated', formatIsoMilliseconds(thread.createdAt)],
        ['DateUpdated', formatIsoMilliseconds(thread.updatedAt)],
      ]),
      draft: {},
    }
  }
}
