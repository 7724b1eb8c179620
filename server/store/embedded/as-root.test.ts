import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compileEmbedded, startEmbeddedProcess } from '../../../test/support/embedded-process.ts'
import { copyPostgresPackage } from '../../../test/support/postgres-package.ts'
import { type EmbeddedServer, startEmbedded } from './embedded.ts'

const NOBODY = { uid: 65534, gid: 65534 }
const folders: string[] = []

beforeEach(({ skip }) => skip(process.getuid?.() !== 0, 'skipped: not root'))
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('the data folder is the one that was given, also below a private home', async () => {
  expect(statSync(homedir()).mode & 0o077).toBe(0)
  const dataDir = join(newFolder(join(homedir(), 'heddle-test-')), 'x', 'data')
  for (const word of ['first', 'second']) {
    const server = await startEmbedded({ dataDir, log: () => {} })
    expect(ownerOf(server)).not.toBe(0)
    expect(ownerOf(server)).toBe(statSync(join(dataDir, 'postgres')).uid)
    await run(server, `create table ${word} (id int); checkpoint`)
    await server.stop()
  }
})

test('programs in a private folder are copied to where the database user reaches them, once', async () => {
  const version = `0.0.0-test-${process.pid}`
  const binaries = copyPostgresPackage(newFolder(join(homedir(), 'heddle-test-')), version)
  const copy = `/var/lib/heddle/postgres-${version}`
  folders.push(copy)
  const dataDir = newFolder('/tmp/heddle-root-')
  const first = await startEmbedded({ dataDir, log: () => {}, binaries })
  expect(readlinkSync(`/proc/${first.pid()}/exe`)).toBe(`${copy}/native/bin/postgres`)
  await first.stop()
  expect(statSync(copy)).toMatchObject({ uid: 0, mode: 0o40755 })
  const { ino } = statSync(copy)
  const second = await startEmbedded({ dataDir, log: () => {}, binaries })
  await second.stop()
  expect(statSync(copy).ino).toBe(ino)
})

test('a database that root owns, copied back from a backup say, is given to the database user', async () => {
  const dataDir = newFolder('/tmp/heddle-root-')
  const first = await startEmbedded({ dataDir, log: () => {} })
  await run(first, 'create table kept (id int)')
  await first.stop()
  execFileSync('chown', ['-R', '0:0', join(dataDir, 'postgres')])
  const second = await startEmbedded({ dataDir, log: () => {} })
  await run(second, 'insert into kept values (1)')
  await second.stop()
})

test("an ordinary user's database is run as that user, who can go on with it afterwards", async () => {
  const dataDir = newFolder('/tmp/heddle-root-', NOBODY)
  const { script, remove } = compileEmbedded()
  const before = await startEmbeddedProcess(script, { dataDir, user: NOBODY })
  await before.kill('SIGTERM')
  const byRoot = await startEmbedded({ dataDir, log: () => {} })
  expect(ownerOf(byRoot)).toBe(NOBODY.uid)
  await byRoot.stop()
  const after = await startEmbeddedProcess(script, { dataDir, user: NOBODY })
  await after.kill('SIGTERM')
  remove()
})

function newFolder(prefix: string, owner = { uid: 0, gid: 0 }): string {
  const folder = mkdtempSync(prefix)
  chownSync(folder, owner.uid, owner.gid)
  folders.push(folder)
  return folder
}

function ownerOf(server: EmbeddedServer): number {
  return statSync(`/proc/${server.pid()}`).uid
}

async function run(server: EmbeddedServer, sql: string): Promise<void> {
  const client = new pg.Client(server.connection)
  await client.connect()
  await client.query(sql)
  await client.end()
}
