import type { Call } from '../../domain/call.ts'
import type { SmsStatus } from '../../domain/sms.ts'
import type { Thread } from '../../domain/thread.ts'
import { type HookSettings, insertThreadHook, loadThreadHooks, type ThreadHook } from '../../store/hooks.ts'
import { newCall } from '../calls/new-call.ts'
import type { Act } from '../step.ts'
import { threadsOf } from './event-threads.ts'
import {
  commonParameters,
  deliveryParameters,
  eventParameters,
  type HookParameters,
  hookEventOf,
} from './hook-parameters.ts'
import type { Cause, ThreadEvent, UserEvent } from './thread-events.ts'

/** An app that is told: calls to it about one thread keep their order. */
export interface Listener {
  key: string
  url: string
  method: 'GET' | 'POST'
}

/** The statuses that a delivery receipt may have; those before are our own. Source: Twilio, "Delivery receipts". */
const TOLD_STATUSES: ReadonlySet<SmsStatus> = new Set(['sent', 'delivered', 'read', 'failed', 'undelivered'])

/** Queues a call for each event and each app that is to be told of it. Source: Twilio Conversations, webhooks. */
export async function queueHooks(step: Act, events: (ThreadEvent | UserEvent)[]): Promise<void> {
  const told = events.filter(event =>
    event.kind === 'delivery_changed' ? TOLD_STATUSES.has(event.sms.status) : event.cause.tellsHooks,
  )
  if (told.length === 0) return
  const owner = await step.ownerSettings()
  if (!owner.hasHooks) return
  const threads = await threadsOf(step, told)
  const services = await step.services(told.flatMap(event => serviceOf(event, threads) ?? []))
  const scoped = await loadScoped(step, threads)
  for (const event of told) {
    const name = hookEventOf(event)
    const serviceId = serviceOf(event, threads)
    if (!name || !serviceId) continue
    const threadId = threadIdOf(event)
    const listeners = [
      ...listenerOf('account', name, owner.hooks),
      ...listenerOf('service', name, services.get(serviceId)?.settings.hooks),
      ...(scoped.get(threadId ?? '') ?? []).flatMap(hook => scopedListenerOf(hook, name, event)),
    ]
    if (listeners.length === 0) continue
    for (const parameters of parametersOf(step, event, name, threads)) {
      for (const listener of listeners) step.addCall(hookCall(step, listener, { threadId, parameters }))
    }
  }
}

function listenerOf(key: string, name: string, hooks: HookSettings | undefined): Listener[] {
  if (!hooks?.postUrl || !hooks.filters?.includes(name)) return []
  return [{ key, url: hooks.postUrl, method: hooks.method ?? 'POST' }]
}

/** The app of a thread's hook, if it is to be told of the event. */
export function scopedListenerOf(hook: ThreadHook, name: string, event: ThreadEvent | UserEvent): Listener[] {
  const { url, method = 'POST', filters = [], triggers = [] } = hook.settings
  if (!url) return []
  const listener = { key: hook.id, url, method }
  if (hook.target === 'webhook') return filters.includes(name) ? [listener] : []
  if (hook.target !== 'trigger' || event.kind !== 'message_added') return []
  const body = event.message.body?.toLowerCase() ?? ''
  return triggers.some(word => body.includes(word.toLowerCase())) ? [listener] : []
}

/** One call of a hook, about one thread or user. */
export function hookCall(
  step: Act,
  listener: Listener,
  { threadId, parameters }: { threadId: string | null; parameters: HookParameters },
): Call {
  return newCall(step, {
    kind: 'hook',
    orderKey: `${threadId ?? ''} ${listener.key}`,
    threadId,
    url: listener.url,
    method: listener.method,
    parameters,
  })
}

/** What is told of an event: once, and of a delivery once for each recipient. */
function parametersOf(
  step: Act,
  event: ThreadEvent | UserEvent,
  name: string,
  threads: Map<string, Thread>,
): HookParameters[] {
  const source: Cause['source'] = event.kind === 'delivery_changed' ? 'sms' : event.cause.source
  const common = commonParameters(step.accountId, name, source)
  if (event.kind !== 'delivery_changed') return [[...common, ...eventParameters(step, event)]]
  const { sms } = event
  const thread = threads.get(event.threadId)
  if (!thread) return []
  return event.recipientIds.map(participantId => [
    ...common,
    ...deliveryParameters({ accountId: step.accountId, thread, sms, participantId, now: step.now }),
  ])
}

/** Hooks of single threads: only threads that say they have some are asked about. */
async function loadScoped(step: Act, threads: Map<string, Thread>): Promise<Map<string, ThreadHook[]>> {
  const ids = [...threads.values()].filter(thread => thread.settings?.hasHooks === true).map(thread => thread.id)
  const found = new Map<string, ThreadHook[]>()
  if (ids.length === 0) return found
  const rows = await step.load<ThreadHook>(loadThreadHooks, [step.accountId, JSON.stringify(ids)])
  // Those that the act itself has made are not there to be read yet.
  for (const row of [...rows, ...step.changes.rowsOf(insertThreadHook)]) {
    found.set(row.threadId, [...(found.get(row.threadId) ?? []), row])
  }
  return found
}

function serviceOf(event: ThreadEvent | UserEvent, threads: Map<string, Thread>): string | null {
  if ('user' in event) return event.user.serviceId
  if ('thread' in event) return event.thread.serviceId
  return threads.get(event.threadId)?.serviceId ?? null
}

function threadIdOf(event: ThreadEvent | UserEvent): string | null {
  if ('user' in event) return null
  return 'thread' in event ? event.thread.id : event.threadId
}
