import type { Queryable } from '../../kit/queryable.ts'
import { type Participant, participantColumns } from '../participants.ts'
import { bornRange, type ListRange } from './list-range.ts'

export type { Participant } from '../participants.ts'

/** Who takes part in a thread, in order of joining. */
export function listParticipants(
  db: Queryable,
  accountId: string,
  threadId: string,
  range: ListRange,
): Promise<Participant[]> {
  const { below, above, order, limit, offset } = bornRange(range, 'asc')
  return db.query<Participant>(
    `select ${participantColumns}
     from participants p
     where p.account_id = $1
       and p.thread_id = $2
       and p.removed_at is null
       and p.born < $3
       and p.born > $4
     order by p.born ${order}
     limit $5 offset $6`,
    [accountId, threadId, below, above, limit, offset],
  )
}

/** One who takes part in the thread, by id or identity; null when there is none, or they left. */
export async function findParticipant(
  db: Queryable,
  accountId: string,
  threadId: string,
  name: { id: string } | { identity: string },
): Promise<Participant | null> {
  const isId = 'id' in name
  const rows = await db.query<Participant>(
    `select ${participantColumns}
     from participants p
     where p.account_id = $1
       and p.thread_id = $2
       and p.removed_at is null
       and ${isId ? 'p.id = $3' : 'p.identity = $3'}`,
    [accountId, threadId, isId ? name.id : name.identity],
  )
  return rows[0] ?? null
}
