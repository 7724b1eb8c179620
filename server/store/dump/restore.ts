import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { migrate, migrationStatus } from '../migrate.ts'
import {
  type DumpSummary,
  type DumpTable,
  damaged,
  END_OF_ROWS,
  RestoreRefused,
  readHeader,
  readTableOrEnding,
} from './format.ts'
import { splitLines } from './lines.ts'
import { copyStatement, listTables, qualified } from './tables.ts'
import { withConnection } from './with-connection.ts'

type Lines = AsyncGenerator<Buffer, void, undefined>

/** What a Heddle that has no account yet may have written; a restore replaces it. */
const WRITTEN_BY_ITSELF = ['world_clock', 'nodes']
const LOCK_TIMEOUT_MS = 5_000
/** Rows are handed to the server in pieces of about this size. */
const PIECE_BYTES = 256 * 1024

/**
 * Reads a dump (unpacked) into an empty database, in one transaction: wholly or not at all. The database is brought to
 * the dump's migration level first and stays there: what lies between that and this program's is the caller's to apply.
 *
 * Throws `RestoreRefused` when the database holds data, is past the dump's level or is in use, and when the dump is
 * damaged, cut short, newer than this program or of another kind.
 */
export async function restoreDatabase(pool: Pool, readable: Readable): Promise<DumpSummary> {
  try {
    const lines = splitLines(readable)
    const { level } = readHeader((await nextLine(lines)).toString())
    await bringToLevel(pool, level)
    return await withConnection(pool, async client => {
      await client.query('begin')
      const summary = await restoreTables(client, lines, level)
      await client.query('commit')
      // The rows are safe; without statistics the first queries over them would be slow.
      await client.query('analyze')
      return summary
    })
  } catch (error) {
    throw asRefusal(error)
  } finally {
    readable.destroy()
  }
}

async function bringToLevel(pool: Pool, level: number): Promise<void> {
  const { database, program } = await migrationStatus(pool)
  if (level > program) {
    throw new RestoreRefused(
      `The dump is of migration level ${level}, newer than this Heddle (${program}): restore it with the newer version.`,
    )
  }
  if (database > level) {
    throw new RestoreRefused(
      `The dump is of migration level ${level} and the database is at level ${database} already: restore it into a new data folder or database.`,
    )
  }
  await migrate(pool, level)
}

async function restoreTables(client: Client, lines: Lines, level: number): Promise<DumpSummary> {
  const known = await listTables(client)
  await takeEmpty(client, known)
  const summary: DumpSummary = { level, tables: 0, rows: 0 }
  for (;;) {
    const read = readTableOrEnding((await nextLine(lines)).toString())
    if ('table' in read) {
      summary.rows += await restoreRows(client, lines, findTable(known, read.table))
      summary.tables += 1
      continue
    }
    const { ending } = read
    if (ending.tables !== summary.tables || ending.rows !== summary.rows) {
      throw damaged(`it says ${ending.rows} rows and has ${summary.rows}`)
    }
    for (const [name, last] of Object.entries(ending.sequences)) {
      await client.query('select setval($1::regclass, $2)', [qualified(name), last])
    }
    return summary
  }
}

/** Locks out everybody else, then makes sure that nothing is lost. */
async function takeEmpty(client: Client, tables: DumpTable[]): Promise<void> {
  const names = tables.map(({ name }) => qualified(name)).join(', ')
  await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`)
  await client.query(`lock table ${names} in access exclusive mode`)
  for (const { name } of tables.filter(table => !WRITTEN_BY_ITSELF.includes(table.name))) {
    const found = await client.query(`select from ${qualified(name)} limit 1`)
    if (found.rowCount !== 0) {
      throw new RestoreRefused(
        `The database holds data already (table ${name}), and a dump is restored into an empty one only: start with an empty data folder or database, without a seed.`,
      )
    }
  }
  await client.query(`truncate ${names} restart identity`)
}

/** What a dump names must be in our own schema before it becomes part of a statement. */
function findTable(known: DumpTable[], named: DumpTable): DumpTable {
  const table = known.find(({ name }) => name === named.name)
  if (!table) throw damaged(`there is no table ${named.name}`)
  const missing = named.columns.find(column => !table.columns.includes(column))
  if (missing) throw damaged(`there is no column ${missing} in ${named.name}`)
  return named
}

async function restoreRows(client: Client, lines: Lines, table: DumpTable): Promise<number> {
  const copy = client.query(copyFrom(copyStatement(table, 'from stdin')))
  await pipeline(rowsOf(lines), copy)
  return copy.rowCount
}

async function* rowsOf(lines: Lines): AsyncGenerator<Buffer> {
  const newline = Buffer.from('\n')
  let piece: Buffer[] = []
  let bytes = 0
  for (;;) {
    const line = await nextLine(lines)
    if (line.length === END_OF_ROWS.length && line.toString() === END_OF_ROWS) break
    piece.push(line, newline)
    bytes += line.length + 1
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(piece)
    piece = []
    bytes = 0
  }
  if (piece.length > 0) yield Buffer.concat(piece)
}

/** Not `for await`, which would close the one source of lines at the end of each table. */
async function nextLine(lines: Lines): Promise<Buffer> {
  const { value, done } = await lines.next()
  if (done) throw damaged('it ends too early')
  return value
}

/** Source of the codes: https://www.postgresql.org/docs/15/errcodes-appendix.html (22 data, 23 constraint, 55P03 lock). */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  if (error.code === '55P03') {
    return new RestoreRefused('The database is in use: stop Heddle, then restore.', { cause: error })
  }
  return /^2[23]/.test(error.code) ? damaged(error.message) : error
}
