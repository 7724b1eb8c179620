import type { PoolConfig } from 'pg'
import { DatabaseAway } from '../kit/database-away.ts'
import { systemCode } from '../kit/system-code.ts'
import { type Database, openDatabase } from './db.ts'
import { startEmbedded } from './embedded/embedded.ts'
import { runningConnection } from './embedded/running-connection.ts'
import { FolderInUse } from './embedded/start-refused.ts'
import { keepStatisticsFresh } from './fresh-statistics.ts'

export interface Engine {
  db: Database
  /** Whether the server is ours alone: nobody else can be using this database. */
  isEmbedded: boolean
  stop(): Promise<void>
}

export interface EngineOptions {
  /** Null: the embedded server, in `dataDir`. */
  databaseUrl: string | null
  dataDir: string
  log(line: string): void
}

/** Acts look rows up by key; a plan made while a table was empty must not scan it when it is full. */
const PLANNER = '-c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'

/** Source: PostgreSQL, `server_version_num`. */
const OLDEST_SERVER = 150_000

/** Opens the database, starting the embedded server when no other is named. Throws with a sentence for the operator. */
export async function openEngine({ databaseUrl, dataDir, log }: EngineOptions): Promise<Engine> {
  if (databaseUrl) {
    const engine = openWith({ connectionString: databaseUrl }, log)
    try {
      await checkServer(engine.db)
    } catch (error) {
      await engine.stop()
      throw error
    }
    return { ...engine, isEmbedded: false }
  }
  const server = await startEmbedded({ dataDir, log, onDeath: reason => log(`PostgreSQL died: ${reason}`) })
  const { db, stop } = openWith(server.connection, log)
  return {
    db,
    isEmbedded: true,
    async stop() {
      await stop()
      await server.stop()
    },
  }
}

/** Refuses, with a sentence for the operator, a server that cannot be reached or is too old. The URL holds a password: it is not told. */
async function checkServer(db: Database): Promise<void> {
  const found = await db
    .query<{ version: number; name: string }>(
      `select current_setting('server_version_num')::integer as version, current_setting('server_version') as name`,
    )
    .catch(error => {
      const cause = error instanceof DatabaseAway ? error.cause : error
      const reason = cause instanceof Error ? cause.message || systemCode(cause) : String(cause)
      throw new Error(`The database that DATABASE_URL names cannot be used: ${reason}.`, { cause: error })
    })
  for (const { version, name } of found) {
    if (version < OLDEST_SERVER) throw new Error(`DATABASE_URL names PostgreSQL ${name}: Heddle needs 15 or newer.`)
  }
}

function openWith(config: PoolConfig, log: (line: string) => void): Pick<Engine, 'db' | 'stop'> {
  const db = openDatabase({ ...config, options: PLANNER })
  const statistics = keepStatisticsFresh(db, error => log(`statistics stay as they are: ${String(error)}`))
  return {
    db,
    async stop() {
      await statistics.stop()
      await db.close()
    },
  }
}

/**
 * Opens the database for a short task: the one that a running Heddle serves from the same folder, or else starts it.
 * Nobody is disturbed.
 */
export async function joinEngine(options: EngineOptions): Promise<Engine> {
  try {
    return await openEngine(options)
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    const db = openDatabase({ ...(await runningConnection(options.dataDir)), options: PLANNER })
    return { db, isEmbedded: true, stop: () => db.close() }
  }
}

/** What is unsafe in the server's settings, a sentence each; none for the embedded one. */
export async function unsafeSettings(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`,
  )
  return rows
    .filter(row => row.setting === 'off')
    .map(row => `PostgreSQL runs with ${row.name} off: what Heddle has acknowledged can be lost.`)
}
