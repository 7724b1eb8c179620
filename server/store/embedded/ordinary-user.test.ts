import { chmodSync, chownSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { compileEmbedded, type EmbeddedProcess, startEmbeddedProcess } from '../../../test/support/embedded-process.ts'
import { copyPostgresPackage } from '../../../test/support/postgres-package.ts'

/** Only root can become somebody else; when the tests run as an ordinary user, all others show the same. */
const NOBODY = { uid: 65534, gid: 65534 }
const folders: string[] = []
let compiled: { script: string; remove: () => void }

beforeAll(() => {
  compiled = compileEmbedded()
})
afterAll(() => compiled.remove())
beforeEach(({ skip }) => skip(process.getuid?.() !== 0, 'skipped: not root'))
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('Heddle and its database run as the ordinary user', async () => {
  const heddle = await start({ dataDir: newFolder('/tmp/heddle-user-', NOBODY) })
  expect(statSync(`/proc/${heddle.databasePid}`).uid).toBe(NOBODY.uid)
  await heddle.kill('SIGTERM')
})

test('a package without its links that is not ours to change is copied into the data folder', async () => {
  const dataDir = newFolder('/tmp/heddle-user-', NOBODY)
  const folder = newFolder('/tmp/heddle-package-')
  chmodSync(folder, 0o755)
  const heddle = await start({ dataDir, binaries: copyPostgresPackage(folder, '0.0.0-test') })
  expect(readlinkSync(`/proc/${heddle.databasePid}/exe`)).toBe(
    join(dataDir, 'binaries/postgres-0.0.0-test/native/bin/postgres'),
  )
  await heddle.kill('SIGTERM')
})

test("another user's data folder is refused with the remedy", async () => {
  const dataDir = newFolder('/tmp/heddle-user-')
  await expect(start({ dataDir })).rejects.toThrow(
    `StartRefused: Heddle, as user id 65534, cannot write into the data folder ${dataDir} (EACCES): make that user its owner`,
  )
})

test("another user's database is refused with the remedy", async () => {
  const dataDir = newFolder('/tmp/heddle-user-', NOBODY)
  mkdirSync(join(dataDir, 'postgres'))
  await expect(start({ dataDir })).rejects.toThrow(
    `StartRefused: The database folder ${dataDir}/postgres belongs to user id 0 and Heddle runs as user id 65534: run it as the owner, or change the owner with "chown -R 65534 `,
  )
})

test('a data folder that may not be made is refused with the remedy', async () => {
  await expect(start({ dataDir: '/heddle-test/data' })).rejects.toThrow(
    'StartRefused: The data folder /heddle-test/data cannot be made (EACCES): make it yourself',
  )
})

function start(options: { dataDir: string; binaries?: string }): Promise<EmbeddedProcess> {
  return startEmbeddedProcess(compiled.script, { ...options, user: NOBODY })
}

function newFolder(prefix: string, owner = { uid: 0, gid: 0 }): string {
  const folder = mkdtempSync(prefix)
  chownSync(folder, owner.uid, owner.gid)
  folders.push(folder)
  return folder
}
