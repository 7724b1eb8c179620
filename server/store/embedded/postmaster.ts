import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Binaries } from './binaries.ts'
import { diskFull } from './disk-space.ts'
import type { RunAs } from './run-as.ts'
import { serverSettings } from './settings.ts'
import { clearSocketFolder } from './socket-folder.ts'
import { type FolderProcess, spawnOnFolder } from './spawn-on-folder.ts'
import { StartRefused } from './start-refused.ts'

/** Together under 8 s: the fast shutdown (a checkpoint), the immediate one (recovery at the next start), then the end. */
const FAST_SHUTDOWN_MS = 6_000
const IMMEDIATE_SHUTDOWN_MS = 1_500

export interface PostmasterOptions {
  folder: string
  binaries: Binaries
  runAs: RunAs | undefined
  socketFolder: string
  log: (line: string) => void
}

/** One run of the server, from its start to its end. */
export interface Postmaster {
  pid: number | undefined
  /** Fulfilled once it takes connections; rejected with `StartRefused` when it ended first. Recovery may take minutes. */
  ready: Promise<void>
  /** Fulfilled when it has ended, for whatever reason, with that reason. */
  ended: Promise<string>
  /** Ends it within 8 seconds; open transactions are rolled back, committed ones are safe. */
  stop(): Promise<void>
}

/** Starts the server on a cluster; its log goes to `log` line by line. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await clearSocketFolder(options.socketFolder)
  const server = spawnOnFolder({ ...options, program: 'postgres', args: serverSettings(options.socketFolder) })
  const ended = awaitEnd(server.child)
  return {
    pid: server.child.pid,
    ready: awaitReady(server, ended, options),
    ended,
    stop: () => stop(server.child, ended),
  }
}

async function awaitEnd(server: ChildProcess): Promise<string> {
  try {
    const [status, signal] = await once(server, 'exit')
    return signal ? `killed by ${signal}` : `exit status ${status}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function awaitReady(server: FolderProcess, ended: Promise<string>, options: PostmasterOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    createInterface({ input: server.stderr }).on('line', line => {
      options.log(line)
      complaint = /^(?:FATAL|PANIC|postgres): +(.*)/.exec(line)?.[1] ?? complaint
      if (line.includes('database system is ready to accept connections')) resolve()
    })
    server.child.once('close', async () => {
      const reason = complaint || (await ended)
      reject(
        reason.includes('No space left on device')
          ? diskFull(options.folder)
          : new StartRefused(`The database in ${options.folder} does not start: ${reason}.`),
      )
    })
    server.child.once('error', reject)
  })
}

async function stop(server: ChildProcess, ended: Promise<string>): Promise<void> {
  const impatience = [
    setTimeout(() => server.kill('SIGQUIT'), FAST_SHUTDOWN_MS),
    setTimeout(() => server.kill('SIGKILL'), FAST_SHUTDOWN_MS + IMMEDIATE_SHUTDOWN_MS),
  ]
  server.kill('SIGINT')
  await ended
  for (const timer of impatience) clearTimeout(timer)
}
