import type { PoolClient, QueryResultRow } from 'pg'
import type { AccountClock } from './account-turns.ts'
import { type Changes, CLOCK_MOVED, type Write } from './changes.ts'
import { type Database, isAway } from './db.ts'
import { statementName } from './statement-name.ts'

export interface AccountTransaction {
  /** The account's clock when the act began: the last version given out. */
  readonly clock: number
  /** The version of the last change to settings that nodes keep in memory. */
  readonly configVersion: number
  /** Reads what stays true until the act is written, or the act is run again. `sql` must be a constant. */
  load<Row extends QueryResultRow>(sql: string, values: unknown[]): Promise<Row[]>
}

/** There is no account of this id. */
export class AccountUnknown extends Error {}

type Run<T> = (
  tx: AccountTransaction,
) => Promise<{ result: T; changes: Changes; clock: number; returning?: Write<unknown> }>

interface Done<T, Returned> {
  result: T
  returned: Returned[]
}

/** What was done, with the account's clock after it. */
type Written<T, Returned> = Done<T, Returned> & { clock: AccountClock }

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
  return db.turns.take(accountId, isAway, () =>
    db.withClient(async client => {
      const known = db.turns.takeClock(accountId)
      const unlocked = known && (await runUnlocked<T, Returned>(client, accountId, known, run))
      const written = unlocked ?? (await runLocked<T, Returned>(client, accountId, run))
      db.turns.remember(accountId, written.clock)
      return written
    }),
  )
}

/** Null when the clock is not what it was known to be. */
async function runUnlocked<T, Returned extends QueryResultRow>(
  client: PoolClient,
  accountId: string,
  before: AccountClock,
  run: Run<T>,
): Promise<Written<T, Returned> | null> {
  try {
    const { result, changes, clock, returning } = await run(transactionOn(client, before))
    if (changes.isEmpty)
      return (await isStill(client, accountId, before)) ? { result, returned: [], clock: before } : null
    const statement = changes.statement(accountId, { before: before.clock, after: clock }, returning)
    const { rows } = await client.query<Returned>(statement)
    return { result, returned: rows, clock: clockAfter(before, clock, changes) }
  } catch (error) {
    if (isClockMoved(error) || (!isAway(error) && !(await isStill(client, accountId, before)))) return null
    throw error
  }
}

async function runLocked<T, Returned extends QueryResultRow>(
  client: PoolClient,
  accountId: string,
  run: Run<T>,
): Promise<Written<T, Returned>> {
  const before = await lockAccount(client, accountId)
  try {
    const { result, changes, clock, returning } = await run(transactionOn(client, before))
    if (changes.isEmpty) {
      await client.query('rollback')
      return { result, returned: [], clock: before }
    }
    const statement = changes.statement(accountId, { before: before.clock, after: clock }, returning)
    // In one round trip: the commit of a transaction whose write failed rolls it back.
    const [written, committed] = await Promise.allSettled([client.query<Returned>(statement), client.query('commit')])
    if (written.status === 'rejected') throw written.reason
    if (committed.status === 'rejected') throw committed.reason
    return { result, returned: written.value.rows, clock: clockAfter(before, clock, changes) }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

function transactionOn(client: PoolClient, { clock, configVersion }: AccountClock): AccountTransaction {
  return {
    clock,
    configVersion,
    load: async (sql, values) => (await client.query({ name: statementName(sql), text: sql, values })).rows,
  }
}

function clockAfter(before: AccountClock, clock: number, changes: Changes): AccountClock {
  return { clock, configVersion: changes.touchesConfig ? clock : before.configVersion }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Begin and lock in one round trip, which takes a statement without parameters: hence the check of the id. */
async function lockAccount(client: PoolClient, accountId: string): Promise<AccountClock> {
  if (!UUID.test(accountId)) throw new AccountUnknown(`Not an account id: ${accountId}`)
  const results = (await client.query(
    `begin; select clock, config_version from clocks where account_id = '${accountId}' for update`,
  )) as unknown as { rows: { clock: number; config_version: number }[] }[]
  const row = results[1]?.rows[0]
  if (!row) {
    await client.query('rollback')
    throw new AccountUnknown(`No account ${accountId}`)
  }
  return { clock: row.clock, configVersion: row.config_version }
}

/** Whether nobody has written the account since: what was read since then is true together. */
async function isStill(client: PoolClient, accountId: string, { clock }: AccountClock): Promise<boolean> {
  const text = 'select clock from clocks where account_id = $1'
  const { rows } = await client.query<{ clock: number }>({ name: statementName(text), text, values: [accountId] })
  return rows[0]?.clock === clock
}

function isClockMoved(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === CLOCK_MOVED
}
