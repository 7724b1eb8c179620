import { execFile } from 'node:child_process'
import { readFile, readlink, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { systemCode } from '../../kit/system-code.ts'
import { StartRefused } from './start-refused.ts'

const POLL_MS = 50
/** How long each signal may take, gentlest first: a fast shutdown, an immediate one (recovery at the next start), death. */
const SIGNALS = [
  { signal: 'SIGINT', graceMs: 8_000 },
  { signal: 'SIGQUIT', graceMs: 3_000 },
  { signal: 'SIGKILL', graceMs: 3_000 },
] as const

/**
 * Stops the server that a killed Heddle left running on the cluster, and forgets a process id that has gone to somebody
 * else. The caller holds the folder's lock, so no living Heddle owns that server.
 */
export async function stopLeftBehind(cluster: string, log: (line: string) => void): Promise<void> {
  const pid = await readPostmasterPid(cluster)
  if (pid === undefined) return
  if (await isServerOf(pid, cluster)) {
    log(`an earlier Heddle was killed and left its database running (process ${pid}): stopping it`)
    await stopServer(pid, cluster)
    return
  }
  // PostgreSQL would take any living process of this number for a server and refuse to start. Backends of a server that
  // is gone stay visible to it without this file: its shared memory is found by the folder's inode.
  await rm(join(cluster, 'postmaster.pid'), { force: true })
}

/** Source: https://www.postgresql.org/docs/current/storage-file-layout.html (postmaster.pid). */
async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(cluster, 'postmaster.pid'), 'utf8'), 10)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** True when the process is a PostgreSQL at work in this folder; a zombie is not. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false
  if (process.platform !== 'linux') return isServerByCommand(pid, cluster)
  try {
    const program = basename(await readlink(`/proc/${pid}/exe`))
    const [here, there] = await Promise.all([stat(cluster), stat(`/proc/${pid}/cwd`)])
    return /^postgres( \(deleted\))?$/.test(program) && here.dev === there.dev && here.ino === there.ino
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) return false
    throw error
  }
}

async function isServerByCommand(pid: number, cluster: string): Promise<boolean> {
  // `ps` ends with 1 when there is no such process.
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.includes('bin/postgres ') && stdout.includes(`-D ${cluster} `)
}

async function stopServer(pid: number, cluster: string): Promise<void> {
  for (const { signal, graceMs } of SIGNALS) {
    if (!(await isServerOf(pid, cluster))) return
    process.kill(pid, signal)
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += POLL_MS) {
      if (!(await isServerOf(pid, cluster))) return
      await delay(POLL_MS)
    }
  }
  throw new StartRefused(`The database process ${pid} left behind in ${dirname(cluster)} does not end: end it by hand.`)
}
