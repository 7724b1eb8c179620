import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { prepareBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { checkFreeSpace } from './disk-space.ts'
import { startEmbedded } from './embedded.ts'
import { lockFolder } from './folder-lock.ts'
import { startPostmaster } from './postmaster.ts'
import { chooseRunAs } from './run-as.ts'
import { makeSocketFolder, removeSocketFolder } from './socket-folder.ts'
import { FolderInUse, StartRefused } from './start-refused.ts'

type Skip = (condition: boolean, note: string) => void

const disks: string[] = []

afterEach(() => {
  for (const disk of disks.splice(0)) {
    spawnSync('umount', [disk])
    rmdirSync(disk)
  }
})

test('a disk with less than what is needed is refused, in megabytes', async () => {
  const { bavail, bsize } = statfsSync('/tmp')
  await expect(checkFreeSpace('/tmp', bavail * bsize * 2)).rejects.toThrow(StartRefused)
  await expect(checkFreeSpace('/tmp', bavail * bsize * 2)).rejects.toThrow(
    /has \d+ MB free and the database needs \d+ MB/,
  )
  await checkFreeSpace('/tmp', 1)
})

test('a small disk is refused before a database is written to it', async ({ skip }) => {
  const dataDir = mountDisk(64, skip)
  await expect(startEmbedded({ dataDir, log: () => {} })).rejects.toThrow(
    `The disk that holds ${dataDir} has 63 MB free and the database needs 200 MB`,
  )
  expect(readdirSync(dataDir)).toEqual(['heddle.lock'])
})

test('a disk that is full is named', async ({ skip }) => {
  const dataDir = mountDisk(1, skip)
  fill(dataDir)
  await expect(startEmbedded({ dataDir, log: () => {} })).rejects.toThrow(`The disk that holds ${dataDir} is full`)
})

test('a folder in use is told to be that, however full its disk is: a command joins its server', async ({ skip }) => {
  const dataDir = mountDisk(1, skip)
  const lock = lockFolder(dataDir)
  await expect(startEmbedded({ dataDir, log: () => {} })).rejects.toThrow(FolderInUse)
  lock.release()
})

test('a disk that fills up while the database is made is named, and nothing stays on it', async ({ skip }) => {
  const dataDir = mountDisk(24, skip)
  const { folder, binaries, runAs } = await prepare(dataDir)
  const made = openCluster({ folder, binaries, runAs })
  await expect(made).rejects.toThrow(StartRefused)
  await expect(made).rejects.toThrow(`The disk that holds ${folder} is full`)
  expect(readdirSync(dataDir)).toEqual([])
})

test('a disk that is full when the server starts is named', async ({ skip }) => {
  const dataDir = mountDisk(128, skip)
  const { folder, binaries, runAs } = await prepare(dataDir)
  await openCluster({ folder, binaries, runAs })
  const socketFolder = await makeSocketFolder(dataDir, runAs)
  fill(dataDir)
  const server = await startPostmaster({ folder, binaries, runAs, socketFolder, log: () => {} })
  await expect(server.ready).rejects.toThrow(`The disk that holds ${folder} is full`)
  rmSync(join(dataDir, 'filler'))
  await removeSocketFolder(socketFolder)
})

function mountDisk(megabytes: number, skip: Skip): string {
  const folder = mkdtempSync('/tmp/heddle-disk-')
  disks.push(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  skip(status !== 0, 'skipped: not root, or not allowed to mount')
  return folder
}

async function prepare(dataDir: string) {
  const folder = join(dataDir, 'postgres')
  const runAs = await chooseRunAs(folder)
  return { folder, runAs, binaries: await prepareBinaries({ packageFolder: undefined, runAs, dataDir }) }
}

function fill(disk: string): void {
  const block = Buffer.alloc(64 * 1024)
  for (;;) {
    try {
      writeFileSync(join(disk, 'filler'), block, { flag: 'a' })
    } catch {
      return
    }
  }
}
