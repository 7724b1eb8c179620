import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, wherever it was started from. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Where each tool starts; run by this Node, so that neither a shell nor a PATH is needed. */
export const tools = {
  biome: join(root, 'node_modules/@biomejs/biome/bin/biome'),
  tsc: join(root, 'node_modules/typescript/bin/tsc'),
  vite: join(root, 'node_modules/vite/bin/vite.js'),
  vitest: join(root, 'node_modules/vitest/vitest.mjs'),
}

/** Runs one of the tools in the project's folder and resolves to its exit code. */
export function runTool(tool, args, options = {}) {
  return run(process.execPath, [tool, ...args], options)
}

/** Runs a program in the project's folder and resolves to its exit code; a signal that asks us to stop is passed on. */
export function run(command, args, { env = {}, quiet = false } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
  })
  const stop = signal => {
    child.kill(signal)
    child.once('exit', () => process.exit(128 + constants.signals[signal]))
  }
  const stops = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of stops) process.once(signal, stop)

  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code))
  }).finally(() => {
    for (const signal of stops) process.off(signal, stop)
  })
}
