import { newId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import {
  insertThreadHook,
  loadThreadHooks,
  type ThreadHook,
  type ThreadHookSettings,
  updateThreadHook,
} from '../../store/hooks.ts'
import { loadMessagesAfter, type Message } from '../../store/messages.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { findOpenThread, type ThreadRef } from './find-thread.ts'
import { commonParameters, eventParameters } from './hook-parameters.ts'
import { hookCall, scopedListenerOf } from './queue-hooks.ts'
import { noteHooks } from './set-hooks.ts'
import { type LiveThread, ThreadBook } from './thread-book.ts'
import type { ThreadEvent } from './thread-events.ts'

export type ThreadHookDraft = Pick<ThreadHook, 'target' | 'settings'>

/** Source: Twilio, Conversations limits. */
const MAX_HOOKS = 5
/** Each is a call to be written. */
const MAX_REPLAYED_AN_ACT = 500

/**
 * Adds a hook to an open thread. With `replayFrom` it is told first of the messages from that index on, in order. Refuses
 * `not_found`, `thread_closed`, and `hooks_full` for a sixth one.
 */
export async function addThreadHook(
  core: Core,
  accountId: string,
  ref: ThreadRef,
  draft: ThreadHookDraft,
): Promise<ThreadHook> {
  const hookId = newId(core.clock.machineMs())
  let after = draft.settings.replayFrom === undefined ? undefined : draft.settings.replayFrom - 1
  for (;;) {
    const made = await act(core, accountId, async step => {
      const book = await ThreadBook.load(step, { ids: [ref.threadId] })
      const live = findOpenThread(book, ref)
      if ((await hooksOf(step, ref)).length >= MAX_HOOKS) {
        throw new Refusal('hooks_full', `A thread has at most ${MAX_HOOKS} hooks.`)
      }
      const hook = newHook(step, hookId, ref.threadId, draft)
      const replayed = after === undefined ? [] : await replay(step, live, hook, after)
      // The hook begins with the act that has caught up: until then it would be told of new messages before old ones.
      if (replayed.length === MAX_REPLAYED_AN_ACT) return { hook: null, lastIndex: replayed.at(-1)?.index }
      await attach(step, book, live, hook)
      book.store()
      return { hook, lastIndex: undefined }
    })
    if (made.hook) return made.hook
    after = made.lastIndex
  }
}

/** Changes what a hook is set to; what is left out stays. Refuses `not_found` and `thread_closed`. */
export async function updateHook(
  core: Core,
  accountId: string,
  { hookId, ...ref }: ThreadRef & { hookId: string },
  change: ThreadHookSettings,
): Promise<ThreadHook> {
  return act(core, accountId, async step => {
    const hook = await getHook(step, ref, hookId)
    const changed = { ...hook, settings: { ...hook.settings, ...change }, updatedAt: step.now, version: step.tick() }
    step.changes.add(updateThreadHook, changed)
    return changed
  })
}

/** Takes a hook away. Refuses `not_found` and `thread_closed`. */
export async function deleteHook(
  core: Core,
  accountId: string,
  { hookId, ...ref }: ThreadRef & { hookId: string },
): Promise<void> {
  await act(core, accountId, async step => {
    const hook = await getHook(step, ref, hookId)
    step.changes.add(updateThreadHook, { ...hook, deletedAt: step.now, updatedAt: step.now, version: step.tick() })
  })
}

function newHook(step: Act, id: string, threadId: string, draft: ThreadHookDraft): ThreadHook {
  const version = step.tick()
  return {
    id,
    threadId,
    ...draft,
    createdAt: step.now,
    updatedAt: step.now,
    deletedAt: null,
    version,
    born: version,
  }
}

async function attach(step: Act, book: ThreadBook, live: LiveThread, hook: ThreadHook): Promise<void> {
  step.changes.add(insertThreadHook, hook)
  await noteHooks(step)
  if (live.thread.settings?.hasHooks === true) return
  live.thread.settings = { ...live.thread.settings, hasHooks: true }
  book.touch(live.thread)
}

/** Queues calls about the first messages after an index; gives those messages. */
async function replay(step: Act, { thread }: LiveThread, hook: ThreadHook, after: number): Promise<Message[]> {
  const values = [step.accountId, thread.id, after, MAX_REPLAYED_AN_ACT]
  const messages = await step.load<Message>(loadMessagesAfter, values)
  for (const message of messages) {
    const cause = { source: message.origin, userId: message.userId, tellsHooks: true }
    const event: ThreadEvent = { kind: 'message_added', thread, message, cause }
    for (const listener of scopedListenerOf(hook, 'onMessageAdded', event)) {
      const parameters = [
        ...commonParameters(step.accountId, 'onMessageAdded', message.origin),
        ...eventParameters(step, event),
      ]
      step.addCall(hookCall(step, listener, { threadId: thread.id, parameters }))
    }
  }
  return messages
}

async function getHook(step: Act, ref: ThreadRef, hookId: string): Promise<ThreadHook> {
  findOpenThread(await ThreadBook.load(step, { ids: [ref.threadId] }), ref)
  const hook = (await hooksOf(step, ref)).find(each => each.id === hookId)
  if (!hook) throw new Refusal('not_found', 'There is no such hook.')
  return hook
}

function hooksOf(step: Act, { threadId }: ThreadRef): Promise<ThreadHook[]> {
  return step.load<ThreadHook>(loadThreadHooks, [step.accountId, JSON.stringify([threadId])])
}
