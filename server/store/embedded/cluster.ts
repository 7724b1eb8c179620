import { once } from 'node:events'
import { chmod, chown, lchown, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { systemCode } from '../../kit/system-code.ts'
import type { Binaries } from './binaries.ts'
import { diskFull } from './disk-space.ts'
import type { RunAs } from './run-as.ts'
import { spawnOnFolder } from './spawn-on-folder.ts'
import { StartRefused } from './start-refused.ts'

export interface ClusterOptions {
  /** The cluster's folder (`<dataDir>/postgres`), an absolute path. */
  folder: string
  binaries: Binaries
  runAs: RunAs | undefined
}

export const SUPERUSER = 'heddle'

/**
 * Makes the cluster when the folder is missing or empty, or checks the one that is there and hands it to `runAs`.
 * Refuses a cluster of another major version, a folder that holds something else, and a disk that is full.
 */
export async function openCluster(options: ClusterOptions): Promise<void> {
  const { folder, binaries, runAs } = options
  await removeUnfinished(folder)
  const entries = await listEntries(folder)
  if (entries.length === 0) return createCluster(options)
  if (!entries.includes('PG_VERSION')) {
    throw new StartRefused(`The folder ${folder} holds files that are not a PostgreSQL database: move them away.`)
  }
  const major = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  if (major !== binaries.major) {
    throw new StartRefused(
      `The database in ${folder} was made by PostgreSQL ${major} and this Heddle brings PostgreSQL ${binaries.major}: dump it with the Heddle that made it ("heddle db dump") and restore it into an empty data folder.`,
    )
  }
  if (runAs) await giveTo(runAs, folder)
}

/** Clusters are made beside the folder and renamed into place, so that one which was interrupted is never started. */
async function createCluster({ folder, binaries, runAs }: ClusterOptions): Promise<void> {
  const unfinished = await mkdtemp(unfinishedPrefix(folder))
  await chmod(unfinished, 0o700)
  if (runAs) await chown(unfinished, runAs.uid, runAs.gid)
  const args = ['--username', SUPERUSER, '--encoding', 'UTF8', '--locale', 'C', '--auth', 'trust']
  const initdb = spawnOnFolder({
    program: 'initdb',
    binaries,
    folder: unfinished,
    args: [...args, '--data-checksums', '--no-instructions'],
    runAs,
  })
  const [output, [status]] = await Promise.all([text(initdb.stderr), once(initdb.child, 'close')])
  if (status !== 0) {
    await rm(unfinished, { recursive: true, force: true })
    if (output.includes('No space left on device')) throw diskFull(folder)
    throw new StartRefused(`PostgreSQL could not make its folder ${folder}: ${firstError(output)}`)
  }
  await rename(unfinished, folder)
  await syncFolder(join(folder, '..'))
}

function unfinishedPrefix(folder: string): string {
  return `${folder}.unfinished-`
}

async function removeUnfinished(folder: string): Promise<void> {
  const parent = join(folder, '..')
  for (const name of await readdir(parent)) {
    const path = join(parent, name)
    // An initdb that outlived its Heddle may still be writing, hence the retries.
    if (path.startsWith(unfinishedPrefix(folder))) await rm(path, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function listEntries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}

/**
 * Gives a cluster owned by root (one copied back from a backup, say) to the user who runs PostgreSQL: the folder itself
 * last, so that an interrupted change starts again, and nobody but root can have put anything into it before.
 */
async function giveTo({ uid, gid }: RunAs, folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    const { uid: owner } = await handle.stat()
    if (owner !== 0) return
    for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, gid)
    await handle.chown(uid, gid)
    await handle.chmod(0o700)
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}

function firstError(output: string): string {
  const line = output.split('\n').find(candidate => candidate.includes('error:')) ?? output.trim()
  return line.replace(/^.*?error: /, '')
}
