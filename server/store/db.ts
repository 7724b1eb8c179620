import pg, { type Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResultRow } from 'pg'
import { DatabaseAway, isAway } from '../kit/database-away.ts'
import type { Queryable, QueryHow } from '../kit/queryable.ts'
import { AccountTurns } from './account-turns.ts'
import { statementName } from './statement-name.ts'
import { declareRowTypes } from './typed-rows.ts'

const INT8_OID = 20
const NUMERIC_OID = 1700
/** Versions, counts and sizes stay far below 2^53. */
pg.types.setTypeParser(INT8_OID, Number)
pg.types.setTypeParser(NUMERIC_OID, Number)

export interface Database extends Queryable {
  readonly pool: Pool
  /** Connections that know the row types of `typed-rows.ts`: the acts', and of those who write rows beside them. */
  readonly writers: Pool
  /**
   * Lends a connection for an act; `DatabaseAway` when there is none or it breaks. Queries on it are sent at once, without
   * waiting for the answers to those before: they run in the order in which they were asked.
   */
  withClient<T>(run: (client: PoolClient) => Promise<T>): Promise<T>
  /** Runs reads that all see the database as it is at one instant. All they need is asked of the one that they are given. */
  snapshot<T>(read: (db: Queryable) => Promise<T>): Promise<T>
  /** By which this node's acts of one account wait for each other. */
  readonly turns: AccountTurns
  close(): Promise<void>
}

/**
 * No statement of ours comes near: a longer one waits for a lock that its holder does not give back. Dumps, restores and
 * migrations lift it for themselves.
 */
const STATEMENT_MS = 5000
/** A node that vanished in the middle of an act must not keep the account's lock for longer. */
const IDLE_IN_TRANSACTION_MS = 5000
/** A server that stands still neither answers nor refuses; past its own limit of time, it is taken to be away. */
export const QUERY_WITHIN_MS = 6000
const CONNECT_WITHIN_MS = 3000

/** Acts have connections of their own, so that no long read keeps them waiting. */
const MAX_CONNECTIONS = { reads: 10, acts: 8 }
/** What comes after a quiet while need not wait for connections. */
const KEEP_IDLE_MS = 5 * 60_000

/** Opens a pool on one PostgreSQL server (15 or newer). Queries go out only when asked: opening does not connect. */
export function openDatabase(config: PoolConfig): Database {
  const pool = openPool({ ...config, max: MAX_CONNECTIONS.reads, pipeline: true })
  const acts = openPool({
    ...config,
    max: MAX_CONNECTIONS.acts,
    pipeline: true,
    query_timeout: QUERY_WITHIN_MS,
    onConnect: async client => void (await client.query(declareRowTypes())),
  })
  return {
    pool,
    writers: acts,
    turns: new AccountTurns({ maxRunning: MAX_CONNECTIONS.acts }),
    async query<Row extends QueryResultRow>(sql: string, values?: unknown[], how?: QueryHow): Promise<Row[]> {
      try {
        return (await pool.query<Row>(asked(sql, values, how))).rows
      } catch (error) {
        throw asAway(error)
      }
    },
    withClient: run => lend(acts, run),
    snapshot: read =>
      lend(pool, async client => {
        const begun = client.query('begin isolation level repeatable read read only')
        const db: Queryable = {
          query: async <Row extends QueryResultRow>(sql: string, values?: unknown[], how?: QueryHow) =>
            (await client.query<Row>(asked(sql, values, how))).rows,
        }
        try {
          const [result] = await Promise.all([read(db), begun])
          return result
        } finally {
          await client.query('commit')
        }
      }),
    async close() {
      await Promise.all([pool.end(), acts.end()])
    },
  }
}

function asked(
  text: string,
  values: unknown[] = [],
  { isPrepared }: QueryHow = {},
): QueryConfig & { query_timeout: number } {
  return { text, values, query_timeout: QUERY_WITHIN_MS, ...(isPrepared && { name: statementName(text) }) }
}

/** `DatabaseAway` when the pool has no connection to lend, or it breaks; a broken one is not used again. */
async function lend<T>(pool: Pool, run: (client: PoolClient) => Promise<T>): Promise<T> {
  let client: PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    throw new DatabaseAway(error)
  }
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    return await run(client)
  } catch (error) {
    const seen = asAway(error)
    if (seen instanceof DatabaseAway) broken = seen
    throw seen
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

function openPool(config: PoolConfig): Pool {
  const pool = new pg.Pool({
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    idleTimeoutMillis: KEEP_IDLE_MS,
    ...config,
  })
  pool.on('error', () => {
    // An idle connection broke; the pool has dropped it and the next query opens another.
  })
  return pool
}

function asAway(error: unknown): unknown {
  return isAway(error) && !(error instanceof DatabaseAway) ? new DatabaseAway(error) : error
}
