import { readdir, readFile } from 'node:fs/promises'
import type { Pool, PoolClient } from 'pg'
import { projectFolder } from '../kit/project-folder.ts'

const MIGRATION_LOCK = 727_0001
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/

export interface Migration {
  level: number
  name: string
  sql: string
}

/**
 * Applies the migrations that the database lacks, in order and up to `level` (all unless said), each in its own
 * transaction, under a lock that lets one node do so while others wait. Throws when the database is newer than this
 * program.
 */
export async function migrate(pool: Pool, level = Number.POSITIVE_INFINITY): Promise<void> {
  const migrations = (await readMigrations()).filter(each => each.level <= level)
  const client = await pool.connect()
  try {
    // Another node may be at it for long, and so may we.
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    try {
      await applyMissing(client, migrations)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
      await client.query('reset statement_timeout')
    }
  } finally {
    client.release()
  }
}

/** The level of the database (0 when empty) and of this program. */
export async function migrationStatus(pool: Pool): Promise<{ database: number; program: number }> {
  const migrations = await readMigrations()
  const found = await pool.query<{ name: string | null }>(`select to_regclass('public.migrations')::text as name`)
  const database = found.rows[0]?.name ? await currentLevel(pool) : 0
  return { database, program: migrations.at(-1)?.level ?? 0 }
}

/** Throws with a sentence for the operator when the database is not at the level of this program. */
export async function mustBeMigrated(pool: Pool): Promise<void> {
  const { database, program } = await migrationStatus(pool)
  if (database > program) throw isNewer(database, program)
  if (database === program) return
  throw new Error(
    `The database is at level ${database} and this program needs level ${program}: start Heddle, or run "heddle db migrate".`,
  )
}

async function applyMissing(client: PoolClient, migrations: Migration[]): Promise<void> {
  await client.query(
    'create table if not exists migrations (level integer primary key, name text not null, applied_at timestamptz not null default current_timestamp)',
  )
  const level = await currentLevel(client)
  const newest = migrations.at(-1)?.level ?? 0
  if (level > newest) throw isNewer(level, newest)
  for (const migration of migrations.filter(each => each.level > level)) {
    await client.query('begin')
    try {
      await client.query(migration.sql)
      await client.query('insert into migrations (level, name) values ($1, $2)', [migration.level, migration.name])
      await client.query('commit')
    } catch (error) {
      await client.query('rollback')
      throw new Error(`Migration ${migration.name} failed: ${(error as Error).message}`, { cause: error })
    }
  }
}

function isNewer(database: number, program: number): Error {
  return new Error(
    `The database is at level ${database}, newer than this Heddle (${program}); start the newer version.`,
  )
}

async function currentLevel(client: Pool | PoolClient): Promise<number> {
  const result = await client.query<{ level: number | null }>('select max(level) as level from migrations')
  return result.rows[0]?.level ?? 0
}

async function readMigrations(): Promise<Migration[]> {
  const folder = new URL('migrations/', projectFolder)
  const names = (await readdir(folder)).filter(name => FILE_NAME.test(name)).sort()
  return Promise.all(
    names.map(async name => ({
      level: Number(name.slice(0, 4)),
      name,
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  )
}
