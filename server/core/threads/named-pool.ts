import { Refusal } from '../../domain/refusal.ts'
import type { Thread } from '../../domain/thread.ts'
import type { AccountSettings } from '../../store/account-settings.ts'
import type { Act } from '../step.ts'
import type { ThreadDraft } from './new-rows.ts'

interface Named {
  settings?: Thread['settings'] | undefined
}

/** The pool that was named for a thread: its texts are sent through it, whatever pool their numbers are in. */
export function namedPoolId({ settings }: Named): string | null {
  const named = settings?.messagingServiceId
  return typeof named === 'string' ? named : null
}

/** A thread as it is opened: one that names no pool names the account's default one, where its owner chose one. */
export function namingPool({ defaultPoolId }: AccountSettings, draft: ThreadDraft): ThreadDraft {
  return defaultPoolId ? { ...draft, settings: { messagingServiceId: defaultPoolId, ...draft.settings } } : draft
}

/**
 * Looks for the pools that threads are to name. What it gives refuses `pool_unknown` when one is not the account's; the
 * account's own id is its default pool's.
 */
export async function poolCheck(step: Act, threads: Named[]): Promise<(thread: Named) => void> {
  const pools = await step.poolRoutes(threads.flatMap(thread => namedPoolId(thread) ?? []))
  return thread => {
    const poolId = namedPoolId(thread)
    if (poolId === null || poolId === step.accountId || pools.has(poolId)) return
    throw new Refusal('pool_unknown', 'There is no such pool.', { poolId })
  }
}
