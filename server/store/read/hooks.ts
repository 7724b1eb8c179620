import type { Queryable } from '../../kit/queryable.ts'
import { type ThreadHook, threadHookColumns } from '../hooks.ts'

export type { HookSettings, ThreadHook, ThreadHookSettings } from '../hooks.ts'

/** The hooks of a thread, in order: a few at most. */
export function listThreadHooks(db: Queryable, accountId: string, threadId: string): Promise<ThreadHook[]> {
  return db.query<ThreadHook>(
    `select ${threadHookColumns}
     from thread_hooks h
     where h.account_id = $1 and h.thread_id = $2 and h.deleted_at is null
     order by h.born`,
    [accountId, threadId],
  )
}
