import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, Pool } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { migrationStatus } from '../migrate.ts'
import { type DumpSummary, END_OF_ROWS, endingLine, FORMAT, headerLine, tableLine } from './format.ts'
import { copyStatement, listSequences, listTables } from './tables.ts'
import { withConnection } from './with-connection.ts'

/**
 * Writes the whole database, as it was at one instant, to `writable` and ends it (standard output stays open). Memory
 * does not grow with the database. It runs beside a serving Heddle. What is encrypted under `HEDDLE_SECRET_KEY` stays
 * so: the dump is of use only together with that key. Throws when the database has not been migrated.
 */
export async function dumpDatabase(pool: Pool, writable: Writable): Promise<DumpSummary> {
  if ((await migrationStatus(pool)).database === 0) {
    throw new Error('The database has not been migrated: there is nothing to dump.')
  }
  return withConnection(pool, async client => {
    const summary: DumpSummary = { level: 0, tables: 0, rows: 0 }
    await client.query('begin isolation level repeatable read read only')
    // Values must be spelled the same whatever the server's own settings are.
    await client.query(
      `set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex';
       set local extra_float_digits = 3; set local timezone = 'UTC'; set local search_path = pg_catalog`,
    )
    await pipeline(spell(client, summary), writable)
    await client.query('commit')
    return summary
  })
}

async function* spell(client: Client, summary: DumpSummary): AsyncGenerator<string | Buffer> {
  summary.level = await readLevel(client)
  yield headerLine({ format: FORMAT, level: summary.level })
  for (const table of await listTables(client)) {
    yield tableLine(table)
    const rows = client.query(copyTo(copyStatement(table, 'to stdout')))
    yield* rows
    yield `${END_OF_ROWS}\n`
    summary.tables += 1
    summary.rows += rows.rowCount
  }
  // A sequence stands outside of snapshots: read last, it is past every number in the rows.
  yield endingLine({ tables: summary.tables, rows: summary.rows, sequences: await listSequences(client) })
}

async function readLevel(client: Client): Promise<number> {
  const { rows } = await client.query<{ level: number }>('select max(level) as level from public.migrations')
  if (!rows[0]) throw new Error('An aggregate has a row.')
  return rows[0].level
}
