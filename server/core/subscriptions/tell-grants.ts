import { insertGrantChange } from '../../store/grant-changes.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { noticesFor } from './notices.ts'
import { liveWebhooks, pushCall } from './queue-pushes.ts'

/** Notes that users handle other queues than before, for their programs. */
export async function tellGrants(core: Core, step: Act, userIds: Iterable<string>): Promise<void> {
  const changed = new Set(userIds)
  for (const userId of changed) step.changes.add(insertGrantChange, { userId, at: step.now, version: step.tick() })
  const grants = [...changed].map(userId => ({ userId, version: 0 }))
  const happened = { news: [], texts: [], grants, handlers: new Map(), through: 0 }
  for (const webhook of await liveWebhooks(step)) {
    const telling = { after: -1, now: step.now, origin: core.publicUrl }
    for (const { envelope } of noticesFor(webhook, happened, telling)) step.addCall(pushCall(step, webhook, envelope))
  }
}
