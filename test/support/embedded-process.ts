import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EmbeddedConnection } from '../../server/store/embedded/embedded.ts'

/** A Heddle with only its database, running in another process. */
export interface EmbeddedProcess {
  child: ChildProcess
  connection: EmbeddedConnection
  databasePid: number
  log: string[]
  /** Ends the Heddle by a signal and waits for its end; the database is not waited for. */
  kill(signal: NodeJS.Signals): Promise<void>
}

export interface EmbeddedProcessOptions {
  dataDir: string
  binaries?: string
  user?: { uid: number; gid: number }
}

type Report =
  | { kind: 'log'; line: string }
  | { kind: 'started'; connection: EmbeddedConnection; databasePid: number }
  | { kind: 'refused'; message: string }

const project = fileURLToPath(new URL('../../', import.meta.url))

/** Compiles the embedded server into a folder that every user can read: Node 20 does not run TypeScript. */
export function compileEmbedded(): { script: string; remove: () => void } {
  const folder = mkdtempSync('/tmp/heddle-compiled-')
  chmodSync(folder, 0o755)
  const config = {
    extends: join(project, 'tsconfig.build.json'),
    compilerOptions: {
      outDir: folder,
      rootDir: project,
      sourceMap: false,
      typeRoots: [join(project, 'node_modules/@types')],
    },
    include: [],
    files: [join(project, 'test/support/embedded-child.ts')],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  execFileSync(join(project, 'node_modules/.bin/tsc'), ['-p', folder])
  return {
    script: join(folder, 'test/support/embedded-child.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Starts it in a process group of its own. Throws an error with the refusal's name and message when it refuses to. */
export async function startEmbeddedProcess(script: string, options: EmbeddedProcessOptions): Promise<EmbeddedProcess> {
  const args = [script, options.dataDir, ...(options.binaries ? [options.binaries] : [])]
  const stdio: ['ignore', 'inherit', 'inherit', 'ipc'] = ['ignore', 'inherit', 'inherit', 'ipc']
  const child = spawn(process.execPath, args, { cwd: '/', detached: true, stdio, ...options.user })
  const log: string[] = []
  const started = await new Promise<Extract<Report, { kind: 'started' }>>((resolve, reject) => {
    child.on('message', (report: Report) => {
      if (report.kind === 'log') log.push(report.line)
      else if (report.kind === 'started') resolve(report)
      else reject(new Error(report.message))
    })
    child.once('exit', status => reject(new Error(`It ended with ${status}.\n${log.join('\n')}`)))
  })
  const ended = once(child, 'exit')
  return {
    child,
    connection: started.connection,
    databasePid: started.databasePid,
    log,
    async kill(signal) {
      child.kill(signal)
      await ended
    },
  }
}

/** False for a zombie too: nobody may be there to reap what a killed process left. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync('/proc') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    // It may end between the two looks.
    return false
  }
}

/** Kills everything that works on the data folder: a Heddle, an initdb and its children, a database. Linux only. */
export function killAllOn(dataDir: string): void {
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && isOn(name, dataDir)) killIfAlive(Number(name))
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended while we looked, which is as good.
  }
}

function isOn(pid: string, dataDir: string): boolean {
  try {
    const places = ['cwd', 'fd/3'].map(name => `/proc/${pid}/${name}`).filter(existsSync)
    const isInside = places.some(place => readlinkSync(place).startsWith(`${dataDir}/`))
    return isInside || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir)
  } catch {
    // It ended while we looked.
    return false
  }
}
