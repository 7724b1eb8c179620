import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Seed } from '../../server/domain/seed.ts'
import { projectFolder } from '../../server/kit/project-folder.ts'
import { freePort } from './app-process.ts'
import { killAllOn } from './embedded-process.ts'

export const PROGRAM = fileURLToPath(new URL('../../dist/server/cli.js', import.meta.url))
const UP_WITHIN_MS = 30_000
const LOG_LINES = 400

/** The built Heddle in a process of its own, which tests may kill and start again on the same folder and port. */
export interface HeddleProcess {
  readonly url: string
  readonly dataDir: string
  readonly child: ChildProcess
  /** The last lines that it wrote. */
  readonly log: string[]
  /** The embedded server's process; undefined while there is none. */
  databasePid(): number | undefined
  /** Starts it, in a process group of its own; resolves when it is healthy. */
  start(): Promise<void>
  /** Starts it by `npm start`: then `child` is npm. */
  startByNpm(): Promise<void>
  /** Starts it without waiting for more. */
  launch(): void
  /** Sends a signal and resolves to the exit code, or the signal's name, when it has ended. */
  end(signal: NodeJS.Signals): Promise<number | string>
  /** Resolves when it answers that it is healthy. */
  healthy(): Promise<void>
  /** Ends everything that works on the folder and removes it. */
  remove(): Promise<void>
}

export async function newHeddleProcess(seed: Seed, env: Record<string, string> = {}): Promise<HeddleProcess> {
  if (!existsSync(PROGRAM)) throw new Error('Heddle is not built: npm test builds it, or npm run build.')
  const dataDir = await mkdtemp(join(tmpdir(), 'heddle-process-'))
  const seedFile = join(dataDir, 'seed.json')
  await writeFile(seedFile, JSON.stringify(seed))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const log: string[] = []
  let child: ChildProcess | undefined

  function running(): ChildProcess {
    if (!child) throw new Error('Heddle was not started.')
    return child
  }

  async function healthy(): Promise<void> {
    const deadline = Date.now() + UP_WITHIN_MS
    while (Date.now() < deadline) {
      if (hasEnded(running())) throw new Error(`Heddle ended with ${running().exitCode}.\n${log.join('')}`)
      if ((await statusOf(`${url}/healthz`)) === 200) return
      await pause(20)
    }
    throw new Error(`Heddle did not become healthy.\n${log.join('')}`)
  }

  function spawnHeddle(
    [command, ...args] = [process.execPath, '--enable-source-maps', PROGRAM, 'start'],
  ): ChildProcess {
    const settings = { HEDDLE_PORT: String(port), HEDDLE_DATA: dataDir, HEDDLE_SEED: seedFile, HEDDLE_LOG: 'warn' }
    const { PATH, HOME } = process.env
    const spawned = spawn(command ?? '', args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME, ...settings, ...env },
    })
    // It has a process group of its own: without this it would outlive a run of tests that is given up.
    const kill = () => spawned.pid && process.kill(-spawned.pid, 'SIGKILL')
    process.once('exit', kill)
    spawned.once('exit', () => process.off('exit', kill))
    for (const stream of [spawned.stdout, spawned.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log.push(text)
        if (log.length > LOG_LINES) log.shift()
      })
    }
    return spawned
  }

  return {
    url,
    dataDir,
    log,
    get child() {
      return running()
    },
    databasePid: () => databasePidIn(dataDir),
    async start() {
      child = spawnHeddle()
      await healthy()
    },
    async startByNpm() {
      child = spawnHeddle(['npm', '--prefix', fileURLToPath(projectFolder), 'start'])
      await healthy()
    },
    launch() {
      child = spawnHeddle()
    },
    async end(signal) {
      const ending = running()
      if (!hasEnded(ending)) {
        ending.kill(signal)
        await once(ending, 'exit')
      }
      return ending.exitCode ?? ending.signalCode ?? ''
    },
    healthy,
    async remove() {
      if (child?.pid && !hasEnded(child)) process.kill(-child.pid, 'SIGKILL')
      killAllOn(dataDir)
      await pause(100)
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Source: PostgreSQL, the first line of postmaster.pid. */
function databasePidIn(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
    return pid > 0 ? pid : undefined
  } catch {
    // It is not there, or was taken away this moment.
    return undefined
  }
}

/** The status of a GET, or null when there is no answer within five seconds. */
export async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    // Nobody listens, or the connection broke: both are no answer.
    return null
  }
}
