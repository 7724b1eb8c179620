// Builds on every change and restarts the server on every build. The build has a folder of its own, so that what
// `npm start` built stays as it is.
import { spawn } from 'node:child_process'
import { existsSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { root, tools } from './run.mjs'
import { setUpPackages } from './setup.mjs'

const OUT = '.heddle-dev'
const program = join(root, OUT, 'server/cli.js')
/** A build writes many files; the server restarts once they have been quiet for this long. */
const QUIET_MS = 300

let server = null
let timer = null
let isStopping = false

await setUpPackages()
rmSync(join(root, OUT), { recursive: true, force: true })
const compiler = start(tools.tsc, ['-p', 'tsconfig.build.json', '--outDir', OUT, '--watch', '--preserveWatchOutput'])
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
await built()
for (const folder of [OUT, 'migrations']) watch(join(root, folder), { recursive: true }, restartSoon)
restartSoon()

async function built() {
  while (!existsSync(program)) await new Promise(resolve => setTimeout(resolve, 100))
}

function restartSoon() {
  clearTimeout(timer)
  timer = setTimeout(restart, QUIET_MS)
}

async function restart() {
  await end(server)
  if (isStopping) return
  server = start('--enable-source-maps', [program, 'start', ...process.argv.slice(2)])
  server.once('exit', code => {
    if (!isStopping && code) console.error(`The server ended with code ${code}; it starts again on the next change.`)
  })
}

/** In a process group of its own: Ctrl-C reaches us alone, and we pass it on once. */
function start(first, args) {
  return spawn(process.execPath, [first, ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Asks a process to stop; resolves when it has ended, at once if it has already. */
function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  child.kill('SIGTERM')
  return new Promise(resolve => child.once('exit', resolve))
}

async function stop() {
  if (isStopping) return
  isStopping = true
  clearTimeout(timer)
  // The compiler is a program that its launcher starts and does not end: the group holds both.
  if (compiler.exitCode === null) process.kill(-compiler.pid, 'SIGTERM')
  await end(server)
  process.exit(0)
}
