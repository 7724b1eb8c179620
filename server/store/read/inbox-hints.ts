import type { Queryable } from '../../kit/queryable.ts'
import type { HintKind } from '../hints.ts'
import { type InboxUser, userJson } from './inbox-parts.ts'

/** A line of a thread's history. */
export interface InboxHint {
  id: string
  threadId: string
  kind: HintKind
  /** UUID of who was assigned until then. */
  previousId: string | null
  initiator: InboxUser | null
  assignee: InboxUser | null
  previous: InboxUser | null
  at: Date
  version: number
}

const COLUMNS = `h.id, h.thread_id as "threadId", h.kind, h.previous_id as "previousId",
  case when h.initiator_id is not null then ${userJson('h.initiator_id')} end as initiator,
  case when h.assignee_id is not null then ${userJson('h.assignee_id')} end as assignee,
  case when h.previous_id is not null then ${userJson('h.previous_id')} end as previous,
  h.at, h.version`

/** What happened to queues' threads after a version, in order. */
export function listChangedHints(
  db: Queryable,
  accountId: string,
  queueIds: string[],
  since: number,
): Promise<InboxHint[]> {
  return db.query<InboxHint>(
    `select ${COLUMNS}
     from hints h
     where h.account_id = $1 and h.version > $3 and h.queue_id = any($2::uuid[])
     order by h.version`,
    [accountId, queueIds, since],
  )
}

/** The whole history of threads, in order. */
export function listHintsOfThreads(db: Queryable, accountId: string, threadIds: string[]): Promise<InboxHint[]> {
  return db.query<InboxHint>(
    `select ${COLUMNS}
     from hints h
     where h.account_id = $1 and h.thread_id = any($2::uuid[])
     order by h.version`,
    [accountId, threadIds],
  )
}
