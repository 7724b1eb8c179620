import type { Assigns } from '../../domain/queue.ts'
import type { Thread } from '../../domain/thread.ts'
import { groupBy } from '../../kit/group-by.ts'
import { type HandlerOnDuty, loadHandlersOnDuty, noteGiven } from '../../store/duties.ts'
import type { QueueOwner } from '../../store/numbers.ts'
import type { Act } from '../step.ts'
import { BY_PROGRAM, type ThreadEvent } from '../threads/thread-events.ts'

/** A thread that came to its queue in this act, with what the queue is set to. */
export interface Newcomer {
  thread: Thread
  owner: QueueOwner
}

/** Gives threads of queues that are set so to handlers on duty; one stays without an assignee when nobody is. */
export async function giveOut(step: Act, newcomers: Newcomer[], events: ThreadEvent[]): Promise<void> {
  const given = newcomers.filter(({ thread, owner }) => owner.assigns !== null && thread.assigneeId === null)
  if (given.length === 0) return
  const queueIds = [...new Set(given.map(({ owner }) => owner.id))]
  const rows = await step.load<HandlerOnDuty>(loadHandlersOnDuty, [step.accountId, JSON.stringify(queueIds)])
  const byQueue = groupBy(rows, row => row.queueId)
  const openThreads = new Map(rows.map(row => [row.userId, row.openThreads]))
  const changed = new Set<HandlerOnDuty>()
  for (const { thread, owner } of given) {
    const handler = chooseHandler(owner.assigns ?? 'round_robin', byQueue.get(owner.id) ?? [], openThreads)
    if (!handler) continue
    thread.assigneeId = handler.userId
    handler.givenVersion = step.tick()
    changed.add(handler)
    openThreads.set(handler.userId, (openThreads.get(handler.userId) ?? 0) + 1)
    events.push({ kind: 'thread_assigned', thread, from: null, to: handler.userId, cause: BY_PROGRAM })
  }
  for (const { queueId, userId, givenVersion } of changed) {
    step.changes.add(noteGiven, { queueId, userId, givenVersion: givenVersion ?? 0 })
  }
}

/**
 * By turns: whoever was given a thread longest ago, those never given one first, in the order they became handlers. The
 * least busy: whoever has the fewest open threads, equals by turns.
 */
export function chooseHandler(
  assigns: Assigns,
  handlers: HandlerOnDuty[],
  openThreads: ReadonlyMap<string, number>,
): HandlerOnDuty | null {
  const load = ({ userId }: HandlerOnDuty) => (assigns === 'least_busy' ? (openThreads.get(userId) ?? 0) : 0)
  const turn = ({ givenVersion }: HandlerOnDuty) => givenVersion ?? -1
  return handlers.reduce<HandlerOnDuty | null>((best, each) => {
    if (!best || load(each) < load(best)) return each
    return load(each) === load(best) && turn(each) < turn(best) ? each : best
  }, null)
}
