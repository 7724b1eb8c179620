import type { Core } from '../core.ts'
import { followQueues } from '../inbox/follow-queues.ts'
import { writeHistory } from '../inbox/history.ts'
import { closeUndeliverable } from '../pools/close-undeliverable.ts'
import { followPools } from '../pools/follow-pools.ts'
import { followProxy } from '../proxy/follow-proxy.ts'
import { tellStatuses } from '../proxy/tell-statuses.ts'
import type { Act } from '../step.ts'
import { queuePushes } from '../subscriptions/queue-pushes.ts'
import { queueHooks } from './queue-hooks.ts'
import type { PairsOfAct, ThreadEvent, UserEvent } from './thread-events.ts'

/** What an act did to threads and users, in order, and to pairs. */
export interface Happened {
  events: ThreadEvent[]
  userEvents: UserEvent[]
  pairs: PairsOfAct
}

/** Writes, in the act's own transaction, the rows that carry its thread events out. */
export async function tellOthers(core: Core, step: Act, { events, userEvents, pairs }: Happened): Promise<void> {
  // First: these add events of their own.
  await closeUndeliverable(step, events)
  await followQueues(step, events)
  await followPools(step, events, pairs)
  await followProxy(step, events)
  await tellStatuses(core, step, events)
  writeHistory(step, events)
  await queuePushes(core, step, events)
  await queueHooks(step, [...events, ...userEvents])
}
