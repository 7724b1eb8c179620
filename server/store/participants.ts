import type { Write } from './changes.ts'
import type { Lookup } from './lookup.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

export type ParticipantKind = 'sms' | 'chat' | 'projected' | 'group'

/** Who takes part in a thread: a pair, an identity, or a member of a group text. */
export interface Participant {
  id: string
  threadId: string
  kind: ParticipantKind
  identity: string | null
  person: string | null
  number: string | null
  /** JSON text. */
  attributes: string
  roleId: string | null
  notificationLevel: 'default' | 'muted'
  lastReadIndex: number | null
  lastReadAt: Date | null
  createdAt: Date
  updatedAt: Date
  removedAt: Date | null
  version: number
  born: number
}

export const participantTable = table('participants', {
  id: 'uuid',
  thread_id: 'uuid',
  kind: 'text',
  identity: 'text',
  person: 'text',
  number: 'text',
  attributes: 'text',
  role_id: 'uuid',
  notification_level: 'text',
  last_read_index: 'integer',
  last_read_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  removed_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const participantColumns = selectList(participantTable, 'p')

export const insertParticipant: Write<Participant> = {
  name: 'new_participants',
  sql: parameter => insertFrom(participantTable, parameter),
}

export const updateParticipant: Write<Participant> = {
  name: 'changed_participants',
  sql: parameter => updateFrom(participantTable, ['id'], parameter),
}

/** Participants of threads who are on the wire (all but chat), in order: `$1` account, `$2` JSON array of thread ids. */
export const loadWireParticipants = `select ${participantColumns}
  from json_array_elements_text($2::json) as asked(id)
  join participants p on p.account_id = $1 and p.thread_id = asked.id::uuid
  where p.removed_at is null and p.kind <> 'chat'
  order by p.born`

/** All participants of threads, in order: `$1` account, `$2` JSON array of thread ids. */
export const loadParticipants = `select ${participantColumns}
  from json_array_elements_text($2::json) as asked(id)
  join participants p on p.account_id = $1 and p.thread_id = asked.id::uuid
  where p.removed_at is null
  order by p.born`

/** Participants of threads by identity: `$1` account, `$2` JSON array of `{ threadId, identity }`. */
export const loadByIdentity = `select ${participantColumns}
  from json_to_recordset($2::json) as asked("threadId" uuid, identity text)
  join participants p on p.account_id = $1 and p.thread_id = asked."threadId" and p.identity = asked.identity
  where p.removed_at is null`

/** Participants by id: `$1` account, `$2` JSON array of ids. */
export const loadParticipantsById = `select ${participantColumns}
  from json_array_elements_text($2::json) as asked(id)
  join participants p on p.account_id = $1 and p.id = asked.id::uuid
  where p.removed_at is null`

/** How many take part in threads: `$1` account, `$2` JSON array of thread ids. */
export const loadParticipantCounts = `select asked.id as "threadId",
    (select count(*) from participants p
      where p.account_id = $1 and p.thread_id = asked.id::uuid and p.removed_at is null) as count
  from json_array_elements_text($2::json) as asked(id)`

/**
 * How many open threads identities take part in, at most `$3`: `$1` account, `$2` JSON array of `{ serviceId, identity }`.
 * Counted among their last `$4` joinings, so that a long history costs nothing.
 */
export const loadOpenThreadCounts = `select asked."serviceId", asked.identity,
    (select count(*) from (
      select 1
      from (
        select p.thread_id
        from participants p
        where p.account_id = $1 and p.identity = asked.identity and p.removed_at is null
        order by p.born desc
        limit $4
      ) as last
      join threads t on t.account_id = $1 and t.id = last.thread_id
      where t.service_id = asked."serviceId" and t.state <> 'closed' and t.deleted_at is null
      limit $3
    ) as open) as count
  from json_to_recordset($2::json) as asked("serviceId" uuid, identity text)`

/** A pair and the open thread that holds it. */
export interface Pair {
  person: string
  number: string
  threadId: string
  participantId: string
}

const pairTable = table('pairs', { person: 'text', number: 'text', thread_id: 'uuid', participant_id: 'uuid' })

/** Bound pairs. */
export const boundPairs: Lookup<Pair> = {
  table: 'pairs',
  key: ['person', 'number'],
  sql: `select p.person, p.number, p.thread_id as "threadId", p.participant_id as "participantId"
    from json_to_recordset($2::json) as asked(person text, number text)
    join pairs p on p.account_id = $1 and p.person = asked.person and p.number = asked.number`,
}

export const insertPair: Write<Pair> = {
  name: 'new_pairs',
  leaves: { lookup: boundPairs, row: pair => ({ ...pair }) },
  sql: parameter => insertFrom(pairTable, parameter),
}

/** Gives bound pairs to other threads. */
export const movePair: Write<Pair> = {
  name: 'moved_pairs',
  leaves: { lookup: boundPairs, row: pair => ({ ...pair }) },
  sql: parameter => updateFrom(pairTable, ['person', 'number'], parameter),
}

/** Frees pairs: rows are `{ person, number }`. */
export const deletePair: Write<{ person: string; number: string }> = {
  name: 'freed_pairs',
  leaves: { lookup: boundPairs, row: () => null },
  sql: parameter => `delete from pairs as p
    using json_to_recordset($${parameter}::json) as r(person text, number text)
    where p.account_id = $1 and p.person = r.person and p.number = r.number`,
}

/** A group text and the open thread that holds it. `members`: sorted numbers of both sides, joined by spaces. */
export interface Group {
  members: string
  threadId: string
}

const groupTable = table('groups', { members: 'text', thread_id: 'uuid' })

/** Bound groups. */
export const boundGroups: Lookup<Group> = {
  table: 'groups',
  key: ['members'],
  sql: `select g.members, g.thread_id as "threadId"
    from json_to_recordset($2::json) as asked(members text)
    join groups g on g.account_id = $1 and g.members = asked.members`,
}

export const insertGroup: Write<Group> = {
  name: 'new_groups',
  leaves: { lookup: boundGroups, row: group => ({ ...group }) },
  sql: parameter => insertFrom(groupTable, parameter),
}

/** Gives bound groups to other threads. */
export const moveGroup: Write<Group> = {
  name: 'moved_groups',
  leaves: { lookup: boundGroups, row: group => ({ ...group }) },
  sql: parameter => updateFrom(groupTable, ['members'], parameter),
}

/** Frees groups: rows are `{ members }`. */
export const deleteGroup: Write<{ members: string }> = {
  name: 'freed_groups',
  leaves: { lookup: boundGroups, row: () => null },
  sql: parameter => `delete from groups as g
    using json_to_recordset($${parameter}::json) as r(members text)
    where g.account_id = $1 and g.members = r.members`,
}
