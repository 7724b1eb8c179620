import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Binaries } from './binaries.ts'
import type { RunAs } from './run-as.ts'

export interface FolderProcess {
  child: ChildProcess
  /** PostgreSQL's programs say everything of use here. */
  stderr: Readable
}

export interface FolderProgram {
  program: 'initdb' | 'postgres'
  binaries: Binaries
  /** The cluster, an absolute path; handed to the program as `-D`. */
  folder: string
  args: string[]
  runAs: RunAs | undefined
}

/** Where a child finds the folder we opened for it: its descriptors 0 to 2 are taken. */
const OPENED_FOLDER = '/proc/self/fd/3'

/**
 * Starts one of PostgreSQL's programs on a folder, in a session of its own: a Ctrl-C or a SIGTERM to Heddle's process
 * group must not reach the database before Heddle has finished with it. When Heddle exits first, it is told to end.
 */
export function spawnOnFolder(program: FolderProgram): FolderProcess {
  const child = spawnDetached(program)
  // The last thing an exiting Heddle can do. After a kill -9 the next start finds the server by its folder.
  const endWithHeddle = () => child.kill('SIGINT')
  process.once('exit', endWithHeddle)
  child.once('exit', () => process.off('exit', endWithHeddle))
  if (!child.stderr) throw new Error('A spawned program has no standard error.')
  return { child, stderr: child.stderr }
}

function spawnDetached({ program, binaries, folder, args, runAs }: FolderProgram): ChildProcess {
  const command = join(binaries.bin, program)
  const options = {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
  }
  if (!runAs || process.platform !== 'linux') {
    return spawn(command, ['-D', folder, ...args], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  // The folder may lie under a private home (/root), where an unprivileged user cannot walk to it. Root opens it and the
  // child enters through the open descriptor, which needs rights on the folder alone.
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', descriptor]
    return spawn(command, ['-D', OPENED_FOLDER, ...args], { ...options, stdio })
  } finally {
    closeSync(descriptor)
  }
}
