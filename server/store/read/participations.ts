import type { Thread } from '../../domain/thread.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { type Participant, participantColumns } from '../participants.ts'
import { threadColumns } from '../threads.ts'
import { bornRange, type ListRange } from './list-range.ts'

/** Somebody taking part in a thread, with both. */
export interface Participation {
  participant: Participant
  thread: Thread
  /** The user of the participant's identity. */
  userId: string | null
  /** Messages above the participant's horizon; null while there is none. */
  unread: number | null
}

/**
 * Where a person or an identity takes part, closed threads too, latest joining first. Unread messages are all that came
 * since the horizon, less those that were deleted.
 */
export async function listParticipations(
  db: Queryable,
  accountId: string,
  serviceId: string,
  who: { person: string } | { identity: string },
  range: ListRange,
): Promise<Participation[]> {
  const { below, above, order, limit, offset } = bornRange(range)
  const isPerson = 'person' in who
  const rows = await db.query<Participant & PrefixedThread & Extras>(
    `select ${participantColumns}, ${prefixed(threadColumns)}, ${EXTRAS}
     from participants p
     join threads t on t.account_id = $1 and t.id = p.thread_id
     where p.account_id = $1
       and ${isPerson ? 'p.person = $3' : 'p.identity = $3'}
       and p.removed_at is null
       and t.service_id = $2
       and t.deleted_at is null
       and p.born < $4
       and p.born > $5
     order by p.born ${order}
     limit $6 offset $7`,
    [accountId, serviceId, isPerson ? who.person : who.identity, below, above, limit, offset],
  )
  return rows.map(split)
}

/** Where an identity takes part in the thread; null when it does not. */
export async function findParticipation(
  db: Queryable,
  accountId: string,
  threadId: string,
  identity: string,
): Promise<Participation | null> {
  const rows = await db.query<Participant & PrefixedThread & Extras>(
    `select ${participantColumns}, ${prefixed(threadColumns)}, ${EXTRAS}
     from participants p
     join threads t on t.account_id = $1 and t.id = p.thread_id
     where p.account_id = $1
       and p.thread_id = $2
       and p.identity = $3
       and p.removed_at is null
       and t.deleted_at is null`,
    [accountId, threadId, identity],
  )
  return rows[0] ? split(rows[0]) : null
}

interface Extras {
  userId: string | null
  unread: number | null
}

const EXTRAS = `(select u.id from users u
    where u.account_id = $1 and u.service_id = t.service_id and u.identity = p.identity and u.deleted_at is null
  ) as "userId",
  t.next_index - 1 - p.last_read_index - (select count(*) from messages m
    where m.account_id = $1 and m.thread_id = t.id and m.index > p.last_read_index and m.deleted_at is not null
  ) as unread`

type PrefixedThread = { [Key in keyof Thread as `thread.${Key}`]: Thread[Key] }

const PREFIX = 'thread.'

function prefixed(columns: string): string {
  return columns.replace(/ as "/g, ` as "${PREFIX}`)
}

function split(row: Participant & PrefixedThread & Extras): Participation {
  const participant: Record<string, unknown> = {}
  const thread: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(row)) {
    if (key.startsWith(PREFIX)) thread[key.slice(PREFIX.length)] = value
    else participant[key] = value
  }
  const { userId, unread } = row
  return { participant: participant as unknown as Participant, thread: thread as unknown as Thread, userId, unread }
}
