/** The numbers of pools that are free for persons: the one statement by which a claim looks. */

/** A number wanted for a person. */
export interface ClaimAsked {
  /** Comes back with each candidate. */
  at: number
  poolId: string
  person: string
  /** The person's area code and country, and the person again, where the pool prefers such numbers; else null. */
  areaCode: string | null
  country: string | null
  knownTo: string | null
  /** How many candidates each way of looking may bring. */
  wanted: number
  /** Pairs released after this rest; null: pairs of this pool do not rest. */
  restingAfter: Date | null
  /** Resting numbers are not wanted. */
  isStrict: boolean
}

export interface ClaimFound {
  at: number
  number: string
  rank: number
  position: number
  areaCode: string | null
  country: string
  isKnown: boolean
  restingSince: Date | null
}

/** How many numbers that a person knows are looked at, those held last first. */
const KNOWN_LOOKED_AT = 100

/**
 * Written so that it stays a condition and does not become a join: the numbers are walked in order, and the walk ends as
 * soon as enough are found, however many numbers the pool and threads the account has. What the person holds is looked
 * up once, whether it is 4 numbers or 9,999.
 */
const IS_FREE = `(not exists (select from pairs p
        where p.account_id = $1 and p.person = asked.person and p.number = n.number)) is true`
const IS_RESTED = `(asked."restingAfter" is null or not exists (select from pair_history h
        where h.account_id = $1 and h.person = asked.person and h.number = n.number
          and h.freed_at > asked."restingAfter"))`
const FOUND = `n.number, n.rank, n.position, n.area_code, n.country`
const IN_POOL = `n.account_id = $1 and n.pool_id = asked."poolId" and n.state = 'open'`

function walk(condition: string, order: string): string {
  return `(select ${FOUND}, false as known, null::timestamptz as resting_since
      from pool_numbers n
      where ${IN_POOL} ${condition} and ${IS_FREE} and ${IS_RESTED}
      order by ${order}n.rank, n.position
      limit asked.wanted)`
}

/** As a range, since of an equality the planner knows that another order will do, and takes the longer way. */
function walkNear(column: string, wanted: string): string {
  return walk(`and n.${column} between ${wanted} and ${wanted}`, `n.${column}, `)
}

/** `$1` account, `$2` JSON array of `ClaimAsked`. A number may come more than once. */
export const findFreeNumbers = `select asked.at, found.number, found.rank, found.position, found.area_code as "areaCode",
    found.country, found.known as "isKnown", found.resting_since as "restingSince"
  from json_to_recordset($2::json) as asked(at integer, "poolId" uuid, person text, "areaCode" text, country text,
    "knownTo" text, wanted integer, "restingAfter" timestamptz, "isStrict" boolean)
  cross join lateral (
    ${walk('', '')}
    union all
    ${walkNear('area_code', 'asked."areaCode"')}
    union all
    ${walkNear('country', 'asked.country')}
    union all
    (select ${FOUND}, true, null
      from (select h.number
        from pair_history h
        where h.account_id = $1 and h.person = asked."knownTo"
          and (asked."restingAfter" is null or h.freed_at <= asked."restingAfter")
        order by h.freed_at desc
        limit ${KNOWN_LOOKED_AT}) as known
      join pool_numbers n on n.number = known.number and ${IN_POOL}
      where ${IS_FREE})
    union all
    (select ${FOUND}, false, resting.freed_at
      from (select h.number, h.freed_at
        from pair_history h
        where h.account_id = $1 and h.person = asked.person and h.freed_at > asked."restingAfter"
          and not asked."isStrict"
        order by h.freed_at) as resting
      join pool_numbers n on n.number = resting.number and ${IN_POOL}
      where ${IS_FREE}
      order by resting.freed_at
      limit asked.wanted)
  ) as found`

/**
 * Numbers that persons hold in pools, those that rest after `restingAfter` included, and threads that wait for one:
 * `$1` account, `$2` JSON array of `{ poolId, person, restingAfter }`.
 */
export const countHeld = `select asked."poolId", asked.person,
    (select count(*)::integer from pairs b
      join pool_numbers n on n.account_id = $1 and n.number = b.number and n.pool_id = asked."poolId"
      where b.account_id = $1 and b.person = asked.person) as held,
    (select count(*)::integer from pair_history h
      join pool_numbers n on n.account_id = $1 and n.number = h.number and n.pool_id = asked."poolId" and n.state = 'open'
      where h.account_id = $1 and h.person = asked.person and h.freed_at > asked."restingAfter"
        and not exists (select from pairs p
          where p.account_id = $1 and p.person = h.person and p.number = h.number)) as resting,
    (select count(*)::integer from pool_waits w
      where w.account_id = $1 and w.pool_id = asked."poolId" and w.person = asked.person) as waiting
  from json_to_recordset($2::json) as asked("poolId" uuid, person text, "restingAfter" timestamptz)`

/**
 * The person's open threads in the pool, longest idle first, whose numbers are still given out there:
 * `$1` account, `$2` pool, `$3` person, `$4` at most so many.
 */
export const loadIdleThreads = `select t.id
  from threads t
  join pool_numbers n on n.account_id = $1 and n.number = t.number and n.pool_id = $2 and n.state = 'open'
  where t.account_id = $1 and t.pool_id = $2 and t.person = $3 and t.number is not null
    and t.state <> 'closed' and t.deleted_at is null
  order by t.active_at, t.born
  limit $4`

/** When the first of a person's resting numbers is rested: `$1` account, `$2` pool, `$3` person, `$4` resting after. */
export const loadFirstRested = `select min(h.freed_at) as "freedAt"
  from pair_history h
  join pool_numbers n on n.account_id = $1 and n.number = h.number and n.pool_id = $2 and n.state = 'open'
  where h.account_id = $1 and h.person = $3 and h.freed_at > $4
    and not exists (select from pairs p where p.account_id = $1 and p.person = $3 and p.number = h.number)`

/** Open threads of pools of which these messages were the first, and whose person was never heard: `$1` account, `$2` JSON array of message ids. */
export const loadUnreached = `select distinct t.id as "threadId"
  from json_array_elements_text($2::json) as asked(id)
  join messages m on m.account_id = $1 and m.id = asked.id::uuid and m.index = 0
  join threads t on t.account_id = $1 and t.id = m.thread_id
  where t.pool_id is not null and t.person is not null and t.state <> 'closed' and t.deleted_at is null
    and not exists (select from messages r where r.account_id = $1 and r.thread_id = t.id and r.origin = 'sms')`
