import { setTimeout as delay } from 'node:timers/promises'
import type { PoolConfig } from 'pg'
import { DatabaseAway } from '../kit/database-away.ts'
import { systemCode } from '../kit/system-code.ts'
import { type Database, openDatabase } from './db.ts'
import { startEmbedded } from './embedded/embedded.ts'
import { findRunningConnection } from './embedded/running-connection.ts'
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

/** Another that is starting comes up meanwhile, and one that is ending goes. */
const JOIN_TRIES = 40
const JOIN_AGAIN_MS = 250

/**
 * Opens the database for a short task: the one that a running Heddle serves from the same folder, or else starts it.
 * Nobody is disturbed. One that another is just starting or ending is waited for, some 10 s.
 */
export async function joinEngine(options: EngineOptions): Promise<Engine> {
  for (let tries = 1; ; tries++) {
    try {
      return await openEngine(options)
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error
      const joined = await joinRunning(options.dataDir)
      if (joined) return joined
      if (tries === JOIN_TRIES) throw error
      await delay(JOIN_AGAIN_MS)
    }
  }
}

/** Null while the server that another runs on the folder takes no connections. */
async function joinRunning(dataDir: string): Promise<Engine | null> {
  const connection = await findRunningConnection(dataDir)
  if (!connection) return null
  const db = openDatabase({ ...connection, options: PLANNER })
  try {
    await db.query('select 1')
    return { db, isEmbedded: true, stop: () => db.close() }
  } catch {
    // It is still starting, without our database as yet, or ending.
    await db.close()
    return null
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
