import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { type Database, openDatabase } from '../../server/store/db.ts'
import { type EmbeddedConnection, startEmbedded } from '../../server/store/embedded/embedded.ts'
import { migrate } from '../../server/store/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: EmbeddedConnection
  }
}

export interface TestDatabase {
  connection: EmbeddedConnection
  database: Database
  pool: pg.Pool
  /** Closes the pool and drops the database, whoever is still connected. */
  close(): Promise<void>
}

const TEMPLATE = 'heddle_template'

/** The npm package of PostgreSQL 15, the oldest server we support (Linux on x64 only; `HEDDLE_TEST_POSTGRES=15`). */
export const POSTGRES_15 = fileURLToPath(new URL('../../node_modules/postgres-15-linux-x64', import.meta.url))

/**
 * Vitest's global setup: one server for the whole run, started by the same code and with the same durability as the
 * product's, and one migrated database that each test file gets a clone of.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'heddle-test-'))
  const log: string[] = []
  const server = await startEmbedded({ dataDir, log: line => log.push(line), ...chosenBinaries() })
  const { connection } = server
  try {
    await runAsOwner(connection, `create database ${TEMPLATE}`)
    const template = openDatabase({ ...connection, database: TEMPLATE })
    await migrate(template.pool)
    await template.close()
  } catch (error) {
    await server.stop()
    throw new Error(`The template database could not be made.\n${log.join('\n')}`, { cause: error })
  }
  project.provide('postgres', connection)
  return async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Clones the migrated template: a database of the test file's own, empty but for what migrations put there. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres')
  const connection = { ...server, database: `test_${randomUUID().replaceAll('-', '')}` }
  await runAsOwner(server, `create database ${connection.database} template ${TEMPLATE} strategy wal_log`)
  const database = openDatabase(connection)
  return {
    connection,
    database,
    pool: database.pool,
    async close() {
      await database.close()
      await runAsOwner(server, `drop database ${connection.database} with (force)`)
    },
  }
}

function chosenBinaries(): { binaries?: string } {
  const version = process.env.HEDDLE_TEST_POSTGRES
  if (version === undefined || version === '18') return {}
  if (version === '15') return { binaries: POSTGRES_15 }
  throw new Error(`HEDDLE_TEST_POSTGRES is 15 or 18, not ${version}.`)
}

async function runAsOwner(connection: EmbeddedConnection, sql: string): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
