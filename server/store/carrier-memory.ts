import type { CarrierMemory, TextPart } from '../domain/carrier-memory.ts'
import type { Queryable } from '../kit/queryable.ts'

const PART_COLUMNS = `p.key, p.generation, p.part, p.total, p.person, p.number, p.name, p.data_coding as "dataCoding",
  p.bytes, p.arrived_at as "arrivedAt", p.done_at as "doneAt"`

/** More names than that would be the texts of minutes; those in doubt are of a second. */
const MAX_NAMES = 20_000

/** What a carrier of an account keeps, in transactions of its own. */
export function carrierMemory(db: Queryable, accountId: string, carrierId: string): CarrierMemory {
  const own = [accountId, carrierId]
  return {
    async keepPart(part) {
      const rows = await db.query(
        `insert into carrier_parts (account_id, carrier_id, key, generation, part, total, person, number, name,
           data_coding, bytes, arrived_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict do nothing
         returning part`,
        [
          ...own,
          part.key,
          part.generation,
          part.part,
          part.total,
          part.person,
          part.number,
          part.name,
          part.dataCoding,
          part.bytes,
          part.arrivedAt,
        ],
      )
      return rows.length > 0
    },
    partsOf: key =>
      db.query<TextPart>(
        `select ${PART_COLUMNS}
         from carrier_parts p
         where p.account_id = $1 and p.carrier_id = $2 and p.key = $3
         order by p.generation, p.part`,
        [...own, key],
      ),
    waitingTexts: () =>
      db.query(
        `select distinct p.key, p.generation, p.person, p.number
         from carrier_parts p
         where p.account_id = $1 and p.carrier_id = $2 and p.done_at is null`,
        own,
      ),
    async finishParts(key, generation, at) {
      await db.query(
        `update carrier_parts
         set done_at = $5
         where account_id = $1 and carrier_id = $2 and key = $3 and generation = $4 and done_at is null`,
        [...own, key, generation, at],
      )
    },
    async doubtful(after) {
      const rows = await db.query<{ name: string }>(
        `select d.name
         from carrier_doubts d
         where d.account_id = $1 and d.carrier_id = $2 and d.doubted_at >= $3
         union
         select p.name
         from carrier_parts p
         join carriers c on c.account_id = p.account_id and c.id = p.carrier_id and p.arrived_at >= c.settled_at
         where p.account_id = $1 and p.carrier_id = $2
         union
         select s.carrier_message_id
         from carriers c
         join accounts a on a.account_id = c.account_id or a.parent_id = c.account_id
         join sms s on s.account_id = a.account_id and s.listed_at >= c.settled_at and s.deleted_at is null
         where c.account_id = $1 and c.id = $2 and s.direction = 'in' and s.carrier = $4
         limit $5`,
        [...own, after, carrierId, MAX_NAMES],
      )
      return rows.map(row => row.name)
    },
    async doubt(names, at) {
      await db.query(
        `insert into carrier_doubts (account_id, carrier_id, name, doubted_at)
         select $1, $2, asked.name, $4
         from unnest($3::text[]) as asked(name)
         on conflict (account_id, carrier_id, name) do update set doubted_at = excluded.doubted_at`,
        [...own, names, at],
      )
    },
    async trust(names) {
      await db.query('delete from carrier_doubts where account_id = $1 and carrier_id = $2 and name = any($3)', [
        ...own,
        names,
      ])
    },
    async settle(at) {
      await db.query(
        `update carriers
         set settled_at = greatest(settled_at, $3)
         where account_id = $1 and id = $2`,
        [...own, at],
      )
    },
    async forget(before) {
      await db.query(
        `with doubts as (
           delete from carrier_doubts where account_id = $1 and carrier_id = $2 and doubted_at < $3
         )
         delete from carrier_parts where account_id = $1 and carrier_id = $2 and done_at < $3`,
        [...own, before],
      )
    },
  }
}
