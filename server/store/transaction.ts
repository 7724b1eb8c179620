import type { PoolClient, QueryResultRow } from 'pg'
import { isAway } from '../kit/database-away.ts'
import type { KnownAccount } from './account-turns.ts'
import { type Changes, CLOCK_MOVED, type Write } from './changes.ts'
import type { Database } from './db.ts'
import type { Lookup } from './lookup.ts'
import { RowMemory } from './row-memory.ts'
import { statementName } from './statement-name.ts'

export interface AccountTransaction {
  /** The account's clock when the act began: the last version given out. */
  readonly clock: number
  /** The version of the last change to settings that nodes keep in memory. */
  readonly configVersion: number
  /** Reads what stays true until the act is written, or the act is run again. `sql` must be a constant. */
  load<Row extends QueryResultRow>(sql: string, values: unknown[]): Promise<Row[]>
  /** Finds rows by their keys, from memory where they are known. They are shared: never to be changed. */
  lookUp<Row extends object>(lookup: Lookup<Row>, asked: object[]): Promise<Readonly<Row>[]>
}

/** There is no account of this id. */
export class AccountUnknown extends Error {}

interface Decided<T> {
  result: T
  changes: Changes
  /** The account's clock when everything is written. */
  clock: number
  returning?: Write<unknown>
}

type Run<T> = (tx: AccountTransaction) => Promise<Decided<T>>

interface Done<T, Returned> {
  result: T
  returned: Returned[]
}

/**
 * Makes the caller the account's only writer, runs it, writes its changes with the new clock, commits. Returns its
 * result and the rows that the `returning` write gave back. Nothing is written when `run` throws or changes nothing.
 *
 * The node that wrote last knows the account's clock and need not lock: its act reads as it goes, and its one statement
 * fails when another node has moved the clock. Then the act runs again under the lock: `run` may be called twice, and
 * has no effect but by what it returns.
 */
export function transact<T, Returned extends QueryResultRow>(
  db: Database,
  accountId: string,
  run: Run<T>,
): Promise<Done<T, Returned>> {
  return db.turns.take(accountId, () =>
    db.withClient(async client => {
      const on = { db, client, accountId }
      const known = db.turns.takeKnown(accountId)
      return (known && (await runUnlocked<T, Returned>(on, known, run))) ?? runLocked<T, Returned>(on, run)
    }),
  )
}

interface On {
  db: Database
  client: PoolClient
  accountId: string
}

/** Null when the clock is not what it was known to be, or a row is there that was taken to be absent. */
async function runUnlocked<T, Returned extends QueryResultRow>(
  on: On,
  known: KnownAccount,
  run: Run<T>,
): Promise<Done<T, Returned> | null> {
  const { client } = on
  const guards = new Set<string>()
  try {
    const decided = await run(transactionOn(on, known, guards))
    if (decided.changes.isEmpty) return (await isStill(on, known)) ? keep(on, known, decided, []) : null
    const { rows } = await client.query<Returned>(statementOf(on, known, decided))
    return keep(on, known, decided, rows)
  } catch (error) {
    if (isClockMoved(error) || breaks(error, guards)) return null
    if (isAway(error)) throw error
    if (!(await isStill(on, known))) return null
    on.db.turns.remember(on.accountId, known)
    throw error
  }
}

async function runLocked<T, Returned extends QueryResultRow>(on: On, run: Run<T>): Promise<Done<T, Returned>> {
  const { client } = on
  const known = await lockAccount(client, on.accountId)
  try {
    const decided = await run(transactionOn(on, known))
    if (decided.changes.isEmpty) {
      await client.query('rollback')
      return keep(on, known, decided, [])
    }
    // In one round trip: the commit of a transaction whose write failed rolls it back.
    const [written, committed] = await Promise.allSettled([
      client.query<Returned>(statementOf(on, known, decided)),
      client.query('commit'),
    ])
    if (written.status === 'rejected') throw written.reason
    if (committed.status === 'rejected') throw committed.reason
    return keep(on, known, decided, written.value.rows)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** With `guards`, what these constraints tell of is not read; they are added as they are relied on. */
function transactionOn({ client, accountId }: On, known: KnownAccount, guards?: Set<string>): AccountTransaction {
  const load: AccountTransaction['load'] = async (sql, values) =>
    (await client.query({ name: statementName(sql), text: sql, values })).rows
  return {
    clock: known.clock,
    configVersion: known.configVersion,
    load,
    async lookUp<Row extends object>(lookup: Lookup<Row>, asked: object[]): Promise<Row[]> {
      if (lookup.guard && guards) {
        guards.add(lookup.guard)
        return []
      }
      if (lookup.guard) return load(lookup.sql, [accountId, JSON.stringify(asked)])
      const found = asked.map(each => known.rows.find(lookup, each))
      const missing = asked.filter((_, at) => found[at] === undefined)
      const rows: Row[] = missing.length > 0 ? await load(lookup.sql, [accountId, JSON.stringify(missing)]) : []
      known.rows.note(lookup, missing, rows)
      return [...found.filter(row => row != null), ...rows]
    },
  }
}

function statementOf(on: On, { clock: before }: KnownAccount, { changes, clock: after, returning }: Decided<unknown>) {
  return changes.statement(on.accountId, { before, after }, returning)
}

/** Remembers what the act left. */
function keep<T, Returned>(
  on: On,
  { clock: before, configVersion, rows }: KnownAccount,
  { result, changes, clock }: Decided<T>,
  returned: Returned[],
): Done<T, Returned> {
  rows.follow(changes)
  on.db.turns.remember(on.accountId, {
    clock: changes.isEmpty ? before : clock,
    configVersion: changes.touchesConfig ? clock : configVersion,
    rows,
  })
  return { result, returned }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Begin and lock in one round trip, which takes a statement without parameters: hence the check of the id. */
async function lockAccount(client: PoolClient, accountId: string): Promise<KnownAccount> {
  if (!UUID.test(accountId)) throw new AccountUnknown(`Not an account id: ${accountId}`)
  const results = (await client.query(
    `begin; select clock, config_version from clocks where account_id = '${accountId}' for update`,
  )) as unknown as { rows: { clock: number; config_version: number }[] }[]
  const row = results[1]?.rows[0]
  if (!row) {
    await client.query('rollback')
    throw new AccountUnknown(`No account ${accountId}`)
  }
  return { clock: row.clock, configVersion: row.config_version, rows: new RowMemory() }
}

/** Whether nobody has written the account since: what was read since then is true together. */
async function isStill({ client, accountId }: On, { clock }: KnownAccount): Promise<boolean> {
  const text = 'select clock from clocks where account_id = $1'
  const { rows } = await client.query<{ clock: number }>({ name: statementName(text), text, values: [accountId] })
  return rows[0]?.clock === clock
}

function isClockMoved(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === CLOCK_MOVED
}

function breaks(error: unknown, guards: Set<string>): boolean {
  return error instanceof Error && 'constraint' in error && guards.has(String(error.constraint))
}
