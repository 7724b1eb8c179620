import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  compileEmbedded,
  type EmbeddedProcess,
  isAlive,
  killAllOn,
  startEmbeddedProcess,
} from '../../../test/support/embedded-process.ts'
import { type EmbeddedConnection, startEmbedded } from './embedded.ts'
import { chooseRunAs } from './run-as.ts'

let compiled: { script: string; remove: () => void }
/** A folder whose database is made, for the tests that are not about making it. */
let madeDir: string
let dataDir: string
const running: EmbeddedProcess[] = []

beforeAll(async () => {
  compiled = compileEmbedded()
  madeDir = mkdtempSync('/tmp/heddle-made-')
  const made = await startEmbedded({ dataDir: madeDir, log: () => {} })
  await made.stop()
})
afterAll(() => {
  compiled.remove()
  rmSync(madeDir, { recursive: true, force: true })
})
beforeEach(() => {
  dataDir = mkdtempSync('/tmp/heddle-killed-')
})
afterEach(async () => {
  for (const heddle of running.splice(0)) if (heddle.child.exitCode === null) await heddle.kill('SIGTERM')
  rmSync(dataDir, { recursive: true, force: true })
})

test('a database left running by a killed Heddle is taken over with every committed row', async () => {
  const killed = await start()
  await write(killed.connection)
  const client = new pg.Client(killed.connection)
  client.on('error', () => {})
  await client.connect()
  await killed.kill('SIGKILL')
  expect(isAlive(killed.databasePid)).toBe(true)

  const next = await start()
  expect(next.log).toContain(
    `an earlier Heddle was killed and left its database running (process ${killed.databasePid}): stopping it`,
  )
  expect(isAlive(killed.databasePid)).toBe(false)
  expect(existsSync(killed.connection.host)).toBe(false)
  expect(await read(next.connection)).toEqual(['kept'])
})

test('after Heddle and its database were both killed the next start recovers every committed row', async () => {
  const killed = await start()
  await write(killed.connection)
  await killed.kill('SIGKILL')
  process.kill(killed.databasePid, 'SIGKILL')
  const next = await start()
  expect(await read(next.connection)).toEqual(['kept'])
  expect(existsSync(killed.connection.host)).toBe(false)
})

test('a killed database whose backend is still busy is waited for', async () => {
  const killed = await start()
  await write(killed.connection)
  const client = new pg.Client(killed.connection)
  client.on('error', () => {})
  await client.connect()
  // Busy without waiting: it cannot notice that its server is gone before the statement ends.
  const busy = client.query('select count(*) from generate_series(1, 10000000)').catch(() => undefined)
  await killed.kill('SIGKILL')
  process.kill(killed.databasePid, 'SIGKILL')
  const next = await start()
  await busy
  expect(next.log.join('\n')).toMatch(/pre-existing shared memory block .* is still in use/)
  expect(await read(next.connection)).toEqual(['kept'])
})

test("a database's process id that has gone to another process stops nobody", async () => {
  const killed = await start()
  await write(killed.connection)
  await killed.kill('SIGKILL')
  process.kill(killed.databasePid, 'SIGKILL')
  const runAs = await chooseRunAs(join(dataDir, 'postgres'))
  const bystander = spawn('sleep', ['60'], runAs ? { uid: runAs.uid, gid: runAs.gid, cwd: '/' } : {})
  await once(bystander, 'spawn')
  const file = join(dataDir, 'postgres/postmaster.pid')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(bystander.pid)))

  const next = await start()
  expect(await read(next.connection)).toEqual(['kept'])
  expect(bystander.exitCode).toBeNull()
  expect(bystander.signalCode).toBeNull()
  bystander.kill()
})

test('of two Heddles the second is refused, until the first is killed', async () => {
  const first = await start()
  await expect(start()).rejects.toThrow(`StartRefused: Another Heddle (process ${first.child.pid}) is using`)
  expect(isAlive(first.databasePid)).toBe(true)
  await first.kill('SIGKILL')
  // The file stays, with a process id that may belong to anybody by now.
  writeFileSync(join(dataDir, 'heddle.lock'), `${process.pid}\n`)
  await start()
})

test('of several Heddles that take over at once exactly one gets the folder', async () => {
  const killed = await start()
  await write(killed.connection)
  await killed.kill('SIGKILL')
  const attempts = await Promise.allSettled([start(), start(), start()])
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const attempt of attempts) {
    if (attempt.status === 'rejected') expect(String(attempt.reason)).toContain('Another Heddle')
  }
})

test('a SIGTERM to the whole process group reaches the database only through Heddle', async () => {
  const heddle = await start()
  const ended = once(heddle.child, 'exit')
  process.kill(-(heddle.child.pid ?? 0), 'SIGTERM')
  expect(await ended).toEqual([0, null])
  // SIGTERM itself would be "smart shutdown", and crashes would need recovery.
  expect(heddle.log.join('\n')).toContain('received fast shutdown request')
  expect(heddle.log.at(-1)).toContain('database system is shut down')
  expect(isAlive(heddle.databasePid)).toBe(false)
})

test('a Heddle that exits without stopping takes its database along', async () => {
  const heddle = await start()
  const ended = once(heddle.child, 'exit')
  heddle.child.send('exit now')
  expect(await ended).toEqual([3, null])
  await waitForEnd(heddle.databasePid)
  await start()
  expect(existsSync(heddle.connection.host)).toBe(false)
})

test('a first start that is killed at any moment leaves a folder that starts', async ({ skip }) => {
  skip(process.platform !== 'linux', 'skipped: finds processes in /proc')
  for (const afterMs of [60, 120, 200, 300, 400, 500, 600]) {
    const begun = startEmbeddedProcess(compiled.script, { dataDir }).then(
      heddle => heddle.kill('SIGKILL'),
      () => undefined,
    )
    await delay(afterMs)
    // Whatever runs on the folder now: Heddle, initdb and its children, or the database.
    killAllOn(dataDir)
    await begun
  }
  const server = await startEmbedded({ dataDir, log: () => {} })
  await write(server.connection)
  expect(await read(server.connection)).toEqual(['kept'])
  await server.stop()
})

async function start(): Promise<EmbeddedProcess> {
  const folder = join(dataDir, 'postgres')
  if (!existsSync(folder)) execFileSync('cp', ['-a', join(madeDir, 'postgres'), folder])
  const heddle = await startEmbeddedProcess(compiled.script, { dataDir })
  running.push(heddle)
  return heddle
}

async function write(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  await client.query(`create table kept as select 'kept' as word`)
  await client.end()
}

async function read(connection: EmbeddedConnection): Promise<string[]> {
  const client = new pg.Client(connection)
  await client.connect()
  const { rows } = await client.query<{ word: string }>('select word from kept')
  await client.end()
  return rows.map(({ word }) => word)
}

async function waitForEnd(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20)
}
