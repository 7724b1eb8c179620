import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../kit/system-code.ts'
import { SUPERUSER } from './cluster.ts'
import type { EmbeddedConnection } from './embedded.ts'

const PORT_LINE = 3
const SOCKET_FOLDER_LINE = 4

/**
 * How to reach the server that another process runs on the data folder; null when none is up. Source: PostgreSQL, the
 * lines of postmaster.pid.
 */
export async function findRunningConnection(dataDir: string): Promise<EmbeddedConnection | null> {
  const lines = (await readIfThere(join(dataDir, 'postgres', 'postmaster.pid'))).split('\n')
  const host = lines[SOCKET_FOLDER_LINE]
  const port = Number(lines[PORT_LINE])
  return host && port ? { host, port, user: SUPERUSER, database: 'heddle' } : null
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}
