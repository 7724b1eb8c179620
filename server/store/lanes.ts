import type { Lane } from '../domain/lane.ts'
import type { Queryable } from '../kit/queryable.ts'
import type { Write } from './changes.ts'
import { nextForgotten } from './pool-memory.ts'

export interface LaneDue {
  lane: string
  dueAt: Date
  /** The node that writes the row: it gets the lane when nobody holds it. */
  node: string
}

export interface ClaimedLane {
  lane: string
  node: string
}

/** Lowers the lanes' due time; an unheld lane goes to the writer. Returns the lanes that were written. */
export const lowerLanes: Write<LaneDue> = {
  name: 'lowered_lanes',
  sql: parameter => `insert into lanes as l (account_id, lane, due_at, node)
    select $1, r.lane, r."dueAt", r.node
    from json_to_recordset($${parameter}::json) as r(lane text, "dueAt" timestamptz, node uuid)
    on conflict (account_id, lane)
    do update set due_at = least(l.due_at, excluded.due_at), node = coalesce(l.node, excluded.node)
    where l.due_at > excluded.due_at or l.node is null
    returning lane, node`,
}

/** Renews a node's lease, in machine time; false when it had none: its lanes may be others' by now. */
export async function renewLease(db: Queryable, node: string, until: Date): Promise<boolean> {
  const renewed = await db.query('update nodes set leased_until = $2 where id = $1 returning id', [node, until])
  if (renewed.length > 0) return true
  await db.query('insert into nodes (id, leased_until) values ($1, $2) on conflict do nothing', [node, until])
  return false
}

/** Ends leases of other nodes that have run out by this node's machine time: only then their lanes may be taken. */
export async function endOldLeases(db: Queryable, node: string, machineNow: Date): Promise<void> {
  await db.query('delete from nodes where id <> $1 and leased_until <= $2', [node, machineNow])
}

/**
 * Gives up the node's lanes for others to take as if they had never been held; but not those with a text under way, nor
 * those that an act is writing to: waiting for acts, while they wait for lanes given up here, would fail them.
 */
export async function releaseLanes(db: Queryable, node: string): Promise<void> {
  await db.query(
    `with given as (
       select l.account_id, l.lane
       from lanes l
       where l.node = $1
         and not exists (
           select from sms s
           where s.account_id = l.account_id and s.number = l.lane and s.next_attempt_at is not null
             and s.apart <> 'scheduled' and s.status = 'sending')
       for update of l skip locked
     )
     update lanes l
     set node = null
     from given
     where l.account_id = given.account_id and l.lane = given.lane`,
    [node],
  )
}

/** Ends the node's lease: lanes that it holds still pass on as after a crash. */
export async function endLease(db: Queryable, node: string): Promise<void> {
  await db.query('delete from nodes where id = $1', [node])
}

/** Ends the leases of all other nodes: for a database that nobody else can be using. */
export async function endOtherLeases(db: Queryable, node: string): Promise<void> {
  await db.query('delete from nodes where id <> $1', [node])
}

/** Takes up to 500 due lanes that nobody holds. */
export async function claimFreeLanes(db: Queryable, node: string, worldNow: Date): Promise<void> {
  await db.query(
    `with free as (
       select l.account_id, l.lane
       from lanes l
       where l.due_at <= $2 and l.node is null
       order by l.due_at
       limit 500
       for update of l skip locked
     )
     update lanes l
     set node = $1
     from free
     where l.account_id = free.account_id and l.lane = free.lane`,
    [node, worldNow],
  )
}

/** A lane `l` whose holder has no lease. */
const IS_ORPHANED = `l.node is not null and not exists (select from nodes n where n.id = l.node)`

/** Up to 500 due lanes of other nodes that have no lease. */
export async function findOrphanedLanes(db: Queryable, node: string, worldNow: Date): Promise<Lane[]> {
  return db.query(
    `select l.account_id as "accountId", l.lane
     from lanes l
     where l.due_at <= $2 and l.node <> $1 and ${IS_ORPHANED}
     order by l.due_at
     limit 500`,
    [node, worldNow],
  )
}

/** Ids of texts that orphans among lanes had under way: `$1` account, `$2` JSON array of lanes. */
export const loadOrphanedTexts = `select s.id
  from json_array_elements_text($2::json) as asked(lane)
  join lanes l on l.account_id = $1 and l.lane = asked.lane and ${IS_ORPHANED}
  join sms s on s.account_id = $1 and s.number = l.lane
  where s.next_attempt_at is not null and s.apart <> 'scheduled' and s.status = 'sending'`

/** Gives lanes that are orphans still to the node. */
export const takeOrphanedLane: Write<{ lane: string; node: string }> = {
  name: 'taken_lanes',
  sql: parameter => `update lanes as l
    set node = r.node
    from json_to_recordset($${parameter}::json) as r(lane text, node uuid)
    where l.account_id = $1 and l.lane = r.lane and ${IS_ORPHANED}`,
}

/** A lane with something due, and the clock of its account. */
export interface DueLane extends Lane {
  /** As PostgreSQL writes it, exactly. */
  dueAt: string
  clock: number
}

/** Lanes read at a time. */
export const MAX_DUE_LANES = 1000

/** Lanes held by the node that have something due, longest due first, after one that is given. */
export async function findDueLanes(
  db: Queryable,
  node: string,
  worldNow: Date,
  after: DueLane | null,
): Promise<DueLane[]> {
  return db.query(
    `select l.account_id as "accountId", l.lane, l.due_at::text as "dueAt", c.clock
     from lanes l
     join clocks c on c.account_id = l.account_id
     where l.due_at <= $2 and l.node = $1
       and ($3::timestamptz is null or (l.due_at, l.account_id, l.lane) > ($3, $4::uuid, $5::text))
     order by l.due_at, l.account_id, l.lane
     limit ${MAX_DUE_LANES}`,
    [node, worldNow, after?.dueAt ?? null, after?.accountId ?? null, after?.lane ?? null],
  )
}

/** Sets lanes' due time to what is really waiting in them, or to no time; under the account's lock. */
export const settleLanes: Write<{ lane: string; dueAt: Date | null }> = {
  name: 'settled_lanes',
  sql: parameter => `update lanes as l
    set due_at = coalesce(r."dueAt", 'infinity')
    from json_to_recordset($${parameter}::json) as r(lane text, "dueAt" timestamptz)
    where l.account_id = $1 and l.lane = r.lane`,
}

/** When lanes are due next that are not due then already: `$1` account, `$2` JSON array of lanes. */
export const loadNextDue = `select next.lane, next."dueAt"
  from (${nextDue()}) as next
  join lanes l on l.account_id = $1 and l.lane = next.lane and l.due_at <> coalesce(next."dueAt", 'infinity')`

function nextDue(): string {
  return `select asked.lane, least(
    (select min(s.next_attempt_at) from sms s
     where s.account_id = $1 and s.number = asked.lane and s.next_attempt_at is not null
       and s.apart <> 'scheduled'),
    (select min(c.next_attempt_at) from calls c
     where c.account_id = $1 and c.lane = asked.lane and c.next_attempt_at is not null),
    (select min(s.next_attempt_at) from sms s
     where asked.lane = 'account' and s.account_id = $1 and s.apart = 'scheduled'),
    (select min(t.timer_at) from threads t
     where asked.lane = 'account' and t.account_id = $1 and t.timer_at is not null),
    (select min(w.due_at) from pool_waits w
     where asked.lane = 'account' and w.account_id = $1 and w.due_at is not null),
    (select min(s.timer_at) from subscriptions s
     where asked.lane = 'account' and s.account_id = $1 and s.timer_at is not null),
    case when asked.lane = 'account' then (${nextForgotten}) end,
    (select timestamptz 'epoch' from user_changes u
     where asked.lane = 'account' and u.account_id = $1 limit 1),
    (select min(m.created_at) + interval '1 day' from media m
     where asked.lane = 'account' and m.account_id = $1 and m.service_id is not null and m.message_id is null)
  ) as "dueAt"
  from json_array_elements_text($2::json) as asked(lane)`
}
