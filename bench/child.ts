import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Job, Result } from './load.ts'

/** Starts a program of this folder, by its name, as a process that we can talk to. */
export function startProgram(name: string, env: Record<string, string> = {}): ChildProcess {
  const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  return fork(path, { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

/** Starts a program that listens; resolves to its port, which it sends first. */
export async function startServer(
  name: string,
  env: Record<string, string> = {},
): Promise<{
  port: number
  stop(): Promise<void>
}> {
  const child = startProgram(name, env)
  const port = await firstMessage<number>(child, name)
  return {
    port,
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

/** Puts one load on a server from a process of its own. Throws when a request was answered with another status. */
export async function load(job: Job): Promise<Result> {
  const child = startProgram('load')
  child.send(job)
  const result = await firstMessage<Result>(child, 'load')
  if (result.failures > 0)
    throw new Error(`${result.failures} requests failed, the first with:\n${result.firstFailure}`)
  return result
}

async function firstMessage<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as T))
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${name} ended with ${code} before it answered.`)))
  })
}
