import type { PoolClient, QueryResultRow } from 'pg'
import type { Changes, Statement, Write } from './changes.ts'
import type { Database } from './db.ts'
import { statementName } from './statement-name.ts'

export interface AccountTransaction {
  /** The account's clock when the lock was taken: the last version given out. */
  readonly clock: number
  /** The version of the last change to settings that nodes keep in memory. */
  readonly configVersion: number
  /** Reads inside the transaction, after the lock: what it sees stays true until commit. `sql` must be a constant. */
  load<Row extends QueryResultRow>(sql: string, values: unknown[]): Promise<Row[]>
}

/** There is no account of this id. */
export class AccountUnknown extends Error {}

/**
 * Makes the caller the account's only writer, runs it, writes its changes with the new clock, commits. Returns its
 * result and the rows that the `returning` write gave back. Nothing is written when `run` throws or changes nothing.
 */
export async function transact<T, Returned extends QueryResultRow>(
  db: Database,
  accountId: string,
  run: (tx: AccountTransaction) => Promise<{ result: T; changes: Changes; clock: number; returning?: Write<unknown> }>,
): Promise<{ result: T; returned: Returned[] }> {
  return db.withClient(async client => {
    const { clock, configVersion } = await lockAccount(client, accountId)
    try {
      const done = await run({
        clock,
        configVersion,
        load: async (sql, values) => (await client.query({ name: statementName(sql), text: sql, values })).rows,
      })
      if (done.changes.isEmpty) {
        await client.query('rollback')
        return { result: done.result, returned: [] }
      }
      const rows = await writeAndCommit<Returned>(client, done.changes.statement(accountId, done.clock, done.returning))
      return { result: done.result, returned: done.returning ? rows : [] }
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    }
  })
}

/** In one round trip: the commit of a transaction whose write failed rolls it back. */
async function writeAndCommit<Returned extends QueryResultRow>(
  client: PoolClient,
  statement: Statement,
): Promise<Returned[]> {
  const [written, committed] = await Promise.allSettled([client.query<Returned>(statement), client.query('commit')])
  if (written.status === 'rejected') throw written.reason
  if (committed.status === 'rejected') throw committed.reason
  return written.value.rows
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Begin and lock in one round trip, which takes a statement without parameters: hence the check of the id. */
async function lockAccount(client: PoolClient, accountId: string): Promise<{ clock: number; configVersion: number }> {
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
