import type { Queryable } from '../../kit/queryable.ts'
import { Values } from './inbox-parts.ts'

/** Which threads' entries a client keeps: all it may see, by assignee, or named ones whatever their state. */
export type EntryScope =
  | { kind: 'accessible' }
  | { kind: 'assigned'; toMe: boolean; toNobody: boolean }
  | { kind: 'explicit'; threadIds: string[] }

export interface EntriesAsked {
  accountId: string
  /** Queues that the user handles. */
  queueIds: string[]
  userId: string
  scope: EntryScope
}

/** A thread as far as scopes are judged by it. */
export interface ScopeThread {
  id: string
  isOpen: boolean
  isDeleted: boolean
  assigneeId: string | null
}

/** Ids of the threads that are in a scope now: open ones, or those named whatever their state. */
export async function listScopeThreads(
  db: Queryable,
  { accountId, queueIds, userId, scope }: EntriesAsked,
): Promise<string[]> {
  const values = new Values(accountId)
  const parts = [`t.account_id = $1 and t.queue_id = any(${values.add(queueIds)}::uuid[]) and t.deleted_at is null`]
  if (scope.kind === 'explicit') parts.push(`t.id = any(${values.add(scope.threadIds)}::uuid[])`)
  else parts.push(`t.state <> 'closed'`)
  if (scope.kind === 'assigned') {
    const assignees: string[] = []
    if (scope.toMe) assignees.push(`t.assignee_id = ${values.add(userId)}`)
    if (scope.toNobody) assignees.push('t.assignee_id is null')
    parts.push(`(${assignees.join(' or ')})`)
  }
  const rows = await db.query<{ id: string }>(`select t.id from threads t where ${parts.join(' and ')}`, values.list)
  return rows.map(row => row.id)
}

/** Threads by id, deleted ones included. */
export async function loadScopeThreads(db: Queryable, accountId: string, ids: string[]): Promise<ScopeThread[]> {
  if (ids.length === 0) return []
  return db.query<ScopeThread>(
    `select t.id, t.state <> 'closed' as "isOpen", t.deleted_at is not null as "isDeleted",
       t.assignee_id as "assigneeId"
     from threads t
     where t.account_id = $1 and t.id = any($2::uuid[])`,
    [accountId, ids],
  )
}
