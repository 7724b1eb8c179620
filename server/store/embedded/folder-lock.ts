import { spawnSync } from 'node:child_process'
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../kit/system-code.ts'
import { diskFull } from './disk-space.ts'
import { FolderInUse, StartRefused } from './start-refused.ts'

/** The sole right to a data folder, held by the kernel: it ends with the process, however that ends. */
export interface FolderLock {
  release(): void
}

const MACOS_O_EXLOCK = 0x20

/**
 * Takes the data folder for this process. It is a lock of the kernel (flock) on an open file, so a file left behind by a
 * killed process, or a reused process id, means nothing. Refuses when another Heddle holds the folder, and when we may not
 * write into it.
 */
export function lockFolder(dataDir: string): FolderLock {
  const file = join(dataDir, 'heddle.lock')
  const descriptor = openLocked(file, dataDir)
  try {
    ftruncateSync(descriptor)
    writeSync(descriptor, `${process.pid}\n`, 0)
  } catch (error) {
    closeSync(descriptor)
    throw notWritable(error, dataDir)
  }
  return { release: () => closeSync(descriptor) }
}

function openLocked(file: string, dataDir: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT
  if (process.platform === 'darwin') {
    try {
      return openSync(file, flags | MACOS_O_EXLOCK | constants.O_NONBLOCK, 0o600)
    } catch (error) {
      throw systemCode(error) === 'EAGAIN' ? heldByAnother(file, dataDir) : notWritable(error, dataDir)
    }
  }
  const descriptor = openOurs(file, flags, dataDir)
  // Node has no flock of its own. The command locks the open file it shares with us, and our descriptor keeps the lock.
  const { status, error } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
  if (status === 0) return descriptor
  closeSync(descriptor)
  if (error) {
    throw new StartRefused('The command "flock", which guards the data folder, is missing: install util-linux.', {
      cause: error,
    })
  }
  throw heldByAnother(file, dataDir)
}

function heldByAnother(file: string, dataDir: string): FolderInUse {
  const holder = readFileSync(file, 'utf8').trim()
  return new FolderInUse(
    `Another Heddle (process ${holder}) is using the data folder ${dataDir}: stop it, or give this one a folder of its own with HEDDLE_DATA.`,
  )
}

function openOurs(file: string, flags: number, dataDir: string): number {
  try {
    return openSync(file, flags, 0o600)
  } catch (error) {
    throw notWritable(error, dataDir)
  }
}

function notWritable(error: unknown, dataDir: string): StartRefused {
  if (systemCode(error) === 'ENOSPC') return diskFull(dataDir)
  return new StartRefused(
    `Heddle, as user id ${process.getuid?.()}, cannot write into the data folder ${dataDir} (${systemCode(error)}): make that user its owner, or set HEDDLE_DATA to another folder.`,
    { cause: error },
  )
}
