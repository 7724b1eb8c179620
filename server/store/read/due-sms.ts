import type { Sms } from '../../domain/sms.ts'
import type { Due } from '../../kit/drain.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { smsColumns } from '../sms.ts'
import { MAX_HELD_KEYS } from './due-calls.ts'

export interface LaneAsked {
  accountId: string
  lane: string
}

/** Persons by what their numbers begin with; the longest beginning that fits counts. */
export interface PersonGroup {
  prefix: string
  isLeftOut: boolean
}

/**
 * Texts of a lane that are due, better ranks first, up to `limit` and those that they would overtake. One that waits for
 * another try holds back those of its pair that came after it; whose texts so wait is told too, unless there is more due
 * than was asked for. Persons of groups that are left out are passed over; those in no group are not.
 */
export async function findDueSms(
  db: Queryable,
  asked: LaneAsked,
  { now, limit, groups }: { now: Date; limit: number; groups: PersonGroup[] },
): Promise<Due<Sms>> {
  const { accountId, lane } = asked
  const isSome = groups.some(group => group.isLeftOut)
  const values = [accountId, lane, now, limit]
  const found = isSome
    ? await db.query<Row>(dueSms(NOT_LEFT_OUT), [...values, JSON.stringify(groups)])
    : await db.query<Row>(dueSms(''), values)
  const isWhole = found.length < limit
  const rows = found.map(({ worst: _, ...sms }) => sms)
  const overtaken = found.some(row => row.rank < row.worst) ? await findOvertaken(db, asked, now, rows) : []
  return {
    rows: [...overtaken, ...rows],
    heldKeys: isWhole ? await findHeldPersons(db, asked, now) : [],
  }
}

/** Only what was tried waits for its time. What was never tried is due, whatever the clock of the node said that queued it. */
const IS_DUE = `s.status = 'queued' and s.next_attempt_at is not null and s.apart <> 'scheduled' and (s.attempts = 0 or s.next_attempt_at <= $3)`

type Row = Sms & { worst: number }

/** `worst`: the last rank that waits in the lane. */
function dueSms(condition: string): string {
  return `select ${smsColumns}, (
       select last.rank
       from sms last
       where last.account_id = $1 and last.number = $2 and last.next_attempt_at is not null
         and last.apart <> 'scheduled'
       order by last.rank desc, last.born desc
       limit 1
     ) as worst
     from sms s
     where s.account_id = $1 and s.number = $2 and ${IS_DUE}
       and not exists (
         select from sms earlier
         where earlier.account_id = $1 and earlier.number = $2 and earlier.person = s.person
           and earlier.apart = 'tried' and earlier.next_attempt_at > $3
           and earlier.born < s.born)
       ${condition}
     order by s.rank, s.born
     limit $4`
}

const NOT_LEFT_OUT = `and not coalesce((
         select g."isLeftOut"
         from json_to_recordset($5::json) as g(prefix text, "isLeftOut" boolean)
         where starts_with(s.person, g.prefix)
         order by length(g.prefix) desc
         limit 1
       ), false)`

/** Texts of worse ranks that came before these to the same persons, and so leave before them. */
async function findOvertaken(db: Queryable, { accountId, lane }: LaneAsked, now: Date, rows: Sms[]): Promise<Sms[]> {
  const asked = rows.map(({ person, rank, born }) => ({ person, rank, born }))
  return db.query(
    `select distinct on (s.born) ${smsColumns}
     from json_to_recordset($4::json) as better(person text, rank smallint, born bigint)
     join sms s
       on s.account_id = $1 and s.number = $2 and s.person = better.person and s.direction = 'out'
         and ${IS_DUE} and s.rank > better.rank and s.born < better.born
     order by s.born`,
    [accountId, lane, now, JSON.stringify(asked)],
  )
}

async function findHeldPersons(db: Queryable, { accountId, lane }: LaneAsked, now: Date): Promise<string[] | null> {
  const held = await db.query<{ person: string }>(
    `select s.person
     from sms s
     where s.account_id = $1 and s.number = $2 and s.apart = 'tried' and s.next_attempt_at > $3
     limit $4`,
    [accountId, lane, now, MAX_HELD_KEYS + 1],
  )
  return held.length > MAX_HELD_KEYS ? null : held.map(row => row.person)
}
