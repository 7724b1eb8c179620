import type { Thread } from '../../domain/thread.ts'

/** What a caller asked of a thread of a pool; kept in the thread's settings. */
export interface PoolThreadSettings extends Record<string, unknown> {
  /** The first reply closes the thread. */
  closesOnReply?: true
  /** Told of each reply. */
  replyUrl?: string
}

/** A thread that a pool gave a number to, or that waits for one: not one that merely names a pool. */
export function isPoolThread(thread: Thread): thread is Thread & { poolId: string; person: string } {
  return thread.poolId !== null && thread.person !== null
}

/** Whether the thread waits for a number of its pool. */
export function isWaiting(thread: Thread): boolean {
  return isPoolThread(thread) && thread.state === 'initializing'
}

export function poolThreadSettings(thread: Thread): PoolThreadSettings {
  return thread.settings ?? {}
}
