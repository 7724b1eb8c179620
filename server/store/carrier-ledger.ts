import type { ImportedNumber, UnknownText } from '../domain/carrier-ledger.ts'
import { DELIVERY_STATUSES, isTerminal } from '../domain/delivery-status.ts'
import type { Queryable } from '../kit/queryable.ts'

/** A carrier of an account; it carries texts of that account and of its children. */
export interface CarrierKey {
  accountId: string
  carrierId: string
}

/** As many as are asked about one by one between two looks. */
const MAX_UNKNOWN = 500

const FINISHED = DELIVERY_STATUSES.filter(isTerminal)

/** Of these ids of texts from phones, those that were received. */
export async function seenIds(db: Queryable, { accountId, carrierId }: CarrierKey, ids: string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select c.carrier_message_id as id
     from accounts a
     join carrier_texts c on c.account_id = a.account_id and c.carrier = $2 and c.direction = 'in'
       and c.carrier_message_id = any($3)
     where a.account_id = $1 or a.parent_id = $1`,
    [accountId, carrierId, ids],
  )
  return rows.map(row => row.id)
}

/** Of these ids, those that name texts of ours, and whether each has come to its end. */
export async function sentIds(
  db: Queryable,
  { accountId, carrierId }: CarrierKey,
  ids: string[],
): Promise<{ id: string; isFinished: boolean }[]> {
  return db.query(
    `select c.carrier_message_id as id, s.status = any($4) as "isFinished"
     from accounts a
     join carrier_texts c on c.account_id = a.account_id and c.carrier = $2 and c.direction = 'out'
       and c.carrier_message_id = any($3)
     join sms s on s.account_id = c.account_id and s.id = c.sms_id
     where a.account_id = $1 or a.parent_id = $1`,
    [accountId, carrierId, ids, FINISHED],
  )
}

/** The account whose text this is; null when it is none of those that the carrier serves. */
export async function accountOfText(db: Queryable, { accountId }: CarrierKey, smsId: string): Promise<string | null> {
  const rows = await db.query<{ accountId: string }>(
    `select s.account_id as "accountId"
     from accounts a
     join sms s on s.account_id = a.account_id and s.id = $2
     where a.account_id = $1 or a.parent_id = $1`,
    [accountId, smsId],
  )
  return rows[0]?.accountId ?? null
}

/** Texts that may or may not have been sent, oldest first. The latest of many: old ones may stay unknown for ever. */
export async function listUnknownTexts(db: Queryable, { accountId, carrierId }: CarrierKey): Promise<UnknownText[]> {
  const latest = await db.query<UnknownText>(
    `select
       s.id as reference,
       s.number,
       array_prepend(s.person, coalesce(s.others, '{}')) as persons,
       s.body,
       s.created_at as "createdAt",
       s.updated_at as "unknownSince"
     from accounts a
     join sms s on s.account_id = a.account_id and s.carrier = $2 and s.apart = 'unknown' and s.direction = 'out'
     where (a.account_id = $1 or a.parent_id = $1) and s.number is not null and s.deleted_at is null
     order by s.created_at desc, s.born desc
     limit ${MAX_UNKNOWN}`,
    [accountId, carrierId],
  )
  return latest.reverse()
}

/** Until when all was read, in the carrier's time; at first when the carrier was made. */
export async function readThrough(
  db: Queryable,
  { accountId, carrierId }: CarrierKey,
): Promise<{ through: Date; madeAt: Date }> {
  const rows = await db.query<{ through: Date; madeAt: Date }>(
    `select coalesce(c.read_through, c.created_at) as through, c.created_at as "madeAt"
     from carriers c
     where c.account_id = $1 and c.id = $2`,
    [accountId, carrierId],
  )
  const [row] = rows
  if (!row) throw new Error('The carrier is gone.')
  return row
}

export async function keepReadThrough(db: Queryable, { accountId, carrierId }: CarrierKey, at: Date): Promise<void> {
  await db.query('update carriers set read_through = greatest(read_through, $3) where account_id = $1 and id = $2', [
    accountId,
    carrierId,
    at,
  ])
}

/** A number that was imported, with how it stood at its carrier before. */
export interface KeptNumber extends ImportedNumber {
  before: Record<string, unknown>
}

export async function listKeptNumbers(db: Queryable, { accountId, carrierId }: CarrierKey): Promise<KeptNumber[]> {
  return db.query(
    `select n.number, n.before, n.imported_at as "importedAt", n.restored_at as "restoredAt"
     from carrier_numbers n
     where n.account_id = $1 and n.carrier_id = $2
     order by n.number`,
    [accountId, carrierId],
  )
}

/** Keeps how a number stands. Of one whose texts come here already it keeps what was kept before they did. */
export async function keepNumber(
  db: Queryable,
  { accountId, carrierId }: CarrierKey,
  { number, before, isOurs, now }: { number: string; before: Record<string, unknown>; isOurs: boolean; now: Date },
): Promise<void> {
  await db.query(
    `insert into carrier_numbers as n (account_id, carrier_id, number, before, imported_at)
     values ($1, $2, $3, $4, $5)
     on conflict (account_id, carrier_id, number) do update
     set before = excluded.before, imported_at = excluded.imported_at, restored_at = null
     where n.restored_at is not null or not $6`,
    [accountId, carrierId, number, JSON.stringify(before), now, isOurs],
  )
}

export async function markRestored(
  db: Queryable,
  { accountId, carrierId }: CarrierKey,
  { number, now }: { number: string; now: Date },
): Promise<void> {
  await db.query(
    `update carrier_numbers
     set restored_at = $4
     where account_id = $1 and carrier_id = $2 and number = $3 and restored_at is null`,
    [accountId, carrierId, number, now],
  )
}
