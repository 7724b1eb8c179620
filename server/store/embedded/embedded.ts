import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { systemCode } from '../../kit/system-code.ts'
import { prepareBinaries } from './binaries.ts'
import { openCluster, SUPERUSER } from './cluster.ts'
import { checkFreeSpace } from './disk-space.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { type Keeper, keepRunning } from './keep-running.ts'
import { stopLeftBehind } from './left-behind.ts'
import { startPostmaster } from './postmaster.ts'
import { chooseRunAs } from './run-as.ts'
import { makeSocketFolder, removeOldSocketFolder, removeSocketFolder, SOCKET_PORT } from './socket-folder.ts'
import { StartRefused } from './start-refused.ts'

export interface EmbeddedConnection {
  /** The folder of the unix socket; `pg` takes it as a host. */
  host: string
  port: number
  user: string
  database: string
}

/** The PostgreSQL that Heddle runs for itself. */
export interface EmbeddedServer {
  /** The same for as long as the server is kept, however often it is restarted. */
  connection: EmbeddedConnection
  /** The server's process id; undefined between a death and the restart. */
  pid(): number | undefined
  /** Ends the server within 8 s and frees the data folder. Repeating it is harmless. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** Where the cluster (`postgres/`) and the lock live; made when missing. */
  dataDir: string
  /** Takes the server's log and ours, a line at a time. */
  log: (line: string) => void
  /** The npm package's folder; by default the one for this platform. */
  binaries?: string
  /** Called when the server died by itself, with how; it is being restarted. */
  onDeath?: (reason: string) => void
}

const DATABASE = 'heddle'

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, made on the first start, and keeps it running until `stop`. It listens on a
 * unix socket that only its own user and root can reach. Takes over from a Heddle that was killed.
 *
 * Throws `StartRefused` with a sentence for the operator when the folder is in use, of another version, another user's
 * or not writable, when the disk is full, and when there are no programs for this platform.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir)
  await makeDataFolder(dataDir)
  // First of all: a command beside a running Heddle joins its server, however full the disk is.
  const lock = lockFolder(dataDir)
  try {
    await checkFreeSpace(dataDir)
    return await startLocked(dataDir, lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

async function startLocked(dataDir: string, lock: FolderLock, options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log, onDeath } = options
  const folder = join(dataDir, 'postgres')
  const runAs = await chooseRunAs(folder)
  const binaries = await prepareBinaries({ packageFolder: options.binaries, runAs, dataDir })
  await stopLeftBehind(folder, log)
  await removeOldSocketFolder(dataDir)
  await openCluster({ folder, binaries, runAs })

  const socketFolder = await makeSocketFolder(dataDir, runAs)
  const connection = { host: socketFolder, port: SOCKET_PORT, user: SUPERUSER, database: DATABASE }
  const start = async () => {
    await stopLeftBehind(folder, log)
    return startPostmaster({ folder, binaries, runAs, socketFolder, log })
  }
  let keeper: Keeper | undefined
  const close = async () => {
    await keeper?.stop()
    await removeSocketFolder(socketFolder)
  }
  try {
    keeper = await keepRunning({ start, log, onDeath })
    await ensureDatabase(connection)
  } catch (error) {
    await close()
    throw error
  }
  let closing: Promise<void> | undefined
  return {
    connection,
    pid: keeper.pid,
    stop: () => {
      closing ??= close().finally(lock.release)
      return closing
    },
  }
}

async function makeDataFolder(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartRefused(
      `The data folder ${dataDir} cannot be made (${systemCode(error)}): make it yourself and give it to the user who runs Heddle, or set HEDDLE_DATA to another folder.`,
      { cause: error },
    )
  }
}

/** The cluster comes with a database of PostgreSQL's own; ours is made on the first start, or after one cut short. */
async function ensureDatabase(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
