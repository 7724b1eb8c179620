import type { CarrierKind } from '../domain/carrier-record.ts'
import type { Queryable } from '../kit/queryable.ts'

/** A carrier of an account, its secrets sealed. */
export interface CarrierRow {
  accountId: string
  id: string
  name: string
  kind: CarrierKind
  settings: Record<string, unknown>
  /** JSON, sealed. */
  secrets: Uint8Array
}

const COLUMNS = `c.account_id as "accountId", c.id, c.name, c.kind, c.settings, c.secrets`

/** Makes a carrier, or changes the account's one of that name. Answers its id. */
export async function putCarrier(db: Queryable, carrier: CarrierRow & { now: Date }): Promise<string> {
  const { accountId, id, name, kind, settings, secrets, now } = carrier
  const rows = await db.query<{ id: string }>(
    `insert into carriers as c (account_id, id, name, kind, settings, secrets, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)
     on conflict (account_id, name) do update
     set kind = excluded.kind, settings = excluded.settings, secrets = excluded.secrets, updated_at = excluded.updated_at
     returning c.id`,
    [accountId, id, name, kind, settings, secrets, now],
  )
  return rows[0]?.id ?? id
}

/** All carriers of all accounts that may send: what a node opens when it starts. */
export async function listAllCarriers(db: Queryable): Promise<CarrierRow[]> {
  return db.query(`select ${COLUMNS} from carriers c order by c.created_at, c.id`)
}

/** Carriers of an account by name. */
export async function listCarriers(db: Queryable, accountId: string): Promise<CarrierRow[]> {
  return db.query(`select ${COLUMNS} from carriers c where c.account_id = $1 order by c.name`, [accountId])
}

/** Names of the carriers that the account's numbers may leave by, its parent's first: `$1` account. */
export const loadCarrierNames = `select c.id, c.name
  from accounts a
  join carriers c on c.account_id in (a.account_id, a.parent_id)
  where a.account_id = $1
  order by c.account_id = a.account_id`

/** Carriers of that name, of whatever account: for the operator. */
export async function findCarriersNamed(db: Queryable, name: string): Promise<CarrierRow[]> {
  return db.query(`select ${COLUMNS} from carriers c where c.name = $1 order by c.account_id`, [name])
}

/** Whether an account is the carrier's own, or one of its children. */
export async function isServedBy(db: Queryable, accountId: string, ownerId: string): Promise<boolean> {
  if (accountId === ownerId) return true
  const rows = await db.query('select from accounts a where a.account_id = $1 and a.parent_id = $2', [
    accountId,
    ownerId,
  ])
  return rows.length > 0
}
