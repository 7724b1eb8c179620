import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { projectFolder } from '../server/kit/project-folder.ts'
import { SUPERUSER } from '../server/store/embedded/cluster.ts'
import { SOCKET_PORT } from '../server/store/embedded/socket-folder.ts'
import { closedPort } from './closed-port.ts'

const ACCOUNT_SID = 'AC00000000000000000000000000000001'
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
export const ACCOUNT_ID = '00000000-0000-0000-0000-000000000001'
export const ACCOUNT_PATH = `/2010-04-01/Accounts/${ACCOUNT_SID}`
export const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`

const READY_WITHIN_MS = 60_000

/** A Heddle of its own process, with an embedded database in a folder of its own, as a user would start it. */
export interface MeasuredHeddle {
  pid: number
  port: number
  connection: pg.ClientConfig
  /** A connection to its database that goes around it. */
  database: pg.Client
  stop(): Promise<void>
}

export async function startHeddle(
  numbers: { number: string; smsUrl?: string; carrier?: string; queue?: string }[],
  /** What else the seed gives the account. */
  more: { carriers?: object[]; users?: object[]; queues?: object[]; ringcentral?: object } = {},
): Promise<MeasuredHeddle> {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-bench-'))
  const seedFile = join(folder, 'seed.json')
  const account = { sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Bench', numbers, ...more }
  await writeFile(seedFile, JSON.stringify({ accounts: [account] }))
  const port = await closedPort()
  const data = join(folder, 'data')
  const child = spawn(
    process.execPath,
    [...optionsOfStart(), ...optionsOfHeddle(), fileURLToPath(new URL('../server/cli.js', import.meta.url)), 'start'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        HEDDLE_PORT: String(port),
        HEDDLE_DATA: data,
        HEDDLE_SEED: seedFile,
        HEDDLE_LOG: 'error',
        DATABASE_URL: '',
      },
    },
  )
  // Whatever ends this process, its Heddle must not stay behind.
  const kill = () => child.kill('SIGTERM')
  process.once('exit', kill)
  const stop = async () => {
    process.off('exit', kill)
    const ended = child.exitCode === null ? once(child, 'exit') : null
    kill()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await waitUntilReady(port, () => child.exitCode === null)
    const socketFolder = (await readFile(join(data, 'heddle.socket'), 'utf8')).trim()
    const connection = { host: socketFolder, port: SOCKET_PORT, user: SUPERUSER, database: 'heddle' }
    const database = new pg.Client(connection)
    await database.connect()
    return {
      pid: child.pid!,
      port,
      connection,
      database,
      async stop() {
        await database.end()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What `npm start` tells Node: they are said in package.json alone. */
function optionsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', projectFolder), 'utf8'))
  return String(scripts.start)
    .split(' ')
    .filter(word => word.startsWith('--'))
}

/** For those who look for where the time goes: `HEDDLE_BENCH_NODE="--cpu-prof --cpu-prof-dir=/tmp/profiles"`. */
function optionsOfHeddle(): string[] {
  return process.env.HEDDLE_BENCH_NODE?.split(' ').filter(Boolean) ?? []
}

async function waitUntilReady(port: number, isAlive: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += 100) {
    if (!isAlive()) throw new Error('Heddle ended while it started.')
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
    if (answer?.status === 200) return
    await delay(100)
  }
  throw new Error('Heddle did not become ready.')
}
