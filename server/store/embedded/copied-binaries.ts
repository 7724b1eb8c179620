import { chmod, cp, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemCode } from '../../kit/system-code.ts'
import { diskFull } from './disk-space.ts'
import type { RunAs } from './run-as.ts'
import { StartRefused } from './start-refused.ts'

export interface BinariesCopy {
  /** The npm package's folder. */
  source: string
  runAs: RunAs | undefined
  dataDir: string
  /** What is done to the copy before it takes its name. */
  finish: (copy: string) => Promise<unknown>
}

/**
 * Copies the PostgreSQL package once per version and returns the copy: for root below a system folder that every user
 * reaches, else into the data folder. A copy appears under its name only when whole, and one that somebody else could
 * have written is never used. Refuses when no folder will take it.
 */
export async function copyBinaries({ source, runAs, dataDir, finish }: BinariesCopy): Promise<string> {
  const homes = runAs ? ['/var/lib/heddle', join(tmpdir(), 'heddle-postgres')] : [join(dataDir, 'binaries')]
  const version = await readVersion(source)
  for (const home of homes) {
    if (!(await isOursAlone(home))) continue
    const target = join(home, `postgres-${version}`)
    if (!(await exists(target))) await copyWhole(source, home, target, finish)
    return target
  }
  throw new StartRefused(
    `PostgreSQL must be copied to where ${runAs?.name ?? 'this user'} can run it, and none of these folders is ours alone to write: ${homes.join(', ')}.`,
  )
}

async function readVersion(packageFolder: string): Promise<string> {
  const described: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  if (typeof described === 'object' && described !== null && 'version' in described) return String(described.version)
  throw new StartRefused(`The PostgreSQL package in ${packageFolder} is damaged.`)
}

/** Makes the folder when it is missing; false when it cannot be made, or is a link, another's, or open to writing. */
async function isOursAlone(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true })
    const found = await lstat(folder)
    if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) return false
    // Whatever the umask made of it.
    await chmod(folder, 0o755)
    return true
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(systemCode(error) ?? '')) return false
    throw error
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await lstat(folder)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
}

async function copyWhole(source: string, home: string, target: string, finish: BinariesCopy['finish']): Promise<void> {
  const unfinished = await mkdtemp(join(home, 'unfinished-'))
  try {
    await cp(join(source, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
    await finish(unfinished)
    await settle(unfinished)
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (systemCode(error) === 'ENOSPC') throw diskFull(home)
    const anotherWasFirst = ['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '') && (await exists(target))
    if (!anotherWasFirst) throw error
  }
}

/** Opens everything to reading, whatever the umask was, and has it on disk before the copy gets its name. */
async function settle(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await settle(path)
    if (!entry.isFile()) continue
    const file = await open(path, 'r')
    const { mode } = await file.stat()
    await file.chmod(mode & 0o100 ? 0o755 : 0o644)
    await file.sync()
    await file.close()
  }
}
