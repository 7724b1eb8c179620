import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../kit/system-code.ts'
import type { RunAs } from './run-as.ts'

/** Names the socket's file; nothing listens on TCP. */
export const SOCKET_PORT = 5432
/** Not `os.tmpdir()`: a socket's path may have 107 bytes (103 on macOS), and that folder's may be long. */
const PREFIX = '/tmp/heddle-'
const OURS = /^\/tmp\/heddle-[0-9a-f]{16}$/

/**
 * Makes a folder for the server's socket that only the user who runs PostgreSQL (and root) may enter. Its name is kept
 * in the data folder first, so that whoever is killed leaves nothing that the next start cannot find.
 */
export async function makeSocketFolder(dataDir: string, runAs: RunAs | undefined): Promise<string> {
  const folder = `${PREFIX}${randomBytes(8).toString('hex')}`
  await writeFile(nameFile(dataDir), `${folder}\n`, { mode: 0o600 })
  await mkdir(folder, { mode: 0o700 })
  if (runAs) await chown(folder, runAs.uid, runAs.gid)
  return folder
}

/** Removes the socket folder of an earlier run that was killed. The caller knows that its server is gone. */
export async function removeOldSocketFolder(dataDir: string): Promise<void> {
  try {
    const folder = (await readFile(nameFile(dataDir), 'utf8')).trim()
    if (OURS.test(folder)) await removeSocketFolder(folder)
  } catch (error) {
    // There was no earlier run, or it was another user's, whose folder is not ours to remove.
    if (!['ENOENT', 'ENOTEMPTY', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '')) throw error
  }
}

export async function removeSocketFolder(folder: string): Promise<void> {
  await clearSocketFolder(folder)
  await rmdir(folder).catch(error => {
    if (systemCode(error) !== 'ENOENT') throw error
  })
}

/** Removes the socket that a killed server left, so that the next one can take its place. */
export async function clearSocketFolder(folder: string): Promise<void> {
  await rm(join(folder, `.s.PGSQL.${SOCKET_PORT}`), { force: true })
  await rm(join(folder, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true })
}

function nameFile(dataDir: string): string {
  return join(dataDir, 'heddle.socket')
}
