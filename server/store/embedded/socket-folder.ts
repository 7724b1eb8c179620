import { chown, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunAs } from './run-as.ts'

/** Names the socket's file; nothing listens on TCP. */
export const SOCKET_PORT = 5432
/** Not `os.tmpdir()`: a socket's path may have 107 bytes (103 on macOS), and that folder's may be long. */
const PREFIX = '/tmp/heddle-'

/** Makes a folder for the server's socket that only the user who runs PostgreSQL (and root) may enter. */
export async function makeSocketFolder(runAs: RunAs | undefined): Promise<string> {
  const folder = await mkdtemp(PREFIX)
  if (runAs) await chown(folder, runAs.uid, runAs.gid)
  return folder
}

/** True for a folder of ours, by its name: what an earlier Heddle left may be removed, anybody else's never. */
export function isSocketFolder(folder: string): boolean {
  return /^\/tmp\/heddle-[A-Za-z0-9]{6}$/.test(folder)
}

/** Removes the server's socket, alive or not, so that a server can take its place. */
export async function clearSocketFolder(folder: string): Promise<void> {
  await rm(join(folder, `.s.PGSQL.${SOCKET_PORT}`), { force: true })
  await rm(join(folder, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true })
}

export async function removeSocketFolder(folder: string): Promise<void> {
  await clearSocketFolder(folder)
  await rmdir(folder)
}
