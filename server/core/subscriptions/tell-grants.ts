import { insertGrantChange } from '../../store/grant-changes.ts'
import type { Act } from '../step.ts'
import { envelopeOf, filtersOn } from './envelope.ts'
import { liveWebhooks, pushCall } from './queue-pushes.ts'

/** Notes that users handle other queues than before, for their programs. */
export async function tellGrants(step: Act, userIds: Iterable<string>): Promise<void> {
  const changed = new Set(userIds)
  for (const userId of changed) step.changes.add(insertGrantChange, { userId, at: step.now, version: step.tick() })
  for (const webhook of await liveWebhooks(step)) {
    if (!changed.has(webhook.userId)) continue
    for (const filter of filtersOn(webhook, 'grants')) {
      step.addCall(pushCall(step, webhook, envelopeOf(webhook, filter, grantBody(webhook), step.now)))
    }
  }
}

/** What is told of grants: whose changed. */
export function grantBody({ extensionId }: { extensionId: number }): { extensionId: string } {
  return { extensionId: String(extensionId) }
}
