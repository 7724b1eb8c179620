import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SUPERUSER } from './cluster.ts'
import type { EmbeddedConnection } from './embedded.ts'

const PORT_LINE = 3
const SOCKET_FOLDER_LINE = 4

/**
 * How to reach the server that another process runs on the data folder. Throws when it is not up yet. Source:
 * PostgreSQL, the lines of postmaster.pid.
 */
export async function runningConnection(dataDir: string): Promise<EmbeddedConnection> {
  const lines = (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  const host = lines[SOCKET_FOLDER_LINE]
  const port = Number(lines[PORT_LINE])
  if (!host || !port) throw new Error(`The database in ${dataDir} is not up yet; try again.`)
  return { host, port, user: SUPERUSER, database: 'heddle' }
}
