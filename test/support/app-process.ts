import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface AppProcess {
  url: string
  stop(): Promise<void>
}

const UP_WITHIN_MS = 15_000

/** Whether a program is there. */
export function hasProgram(name: string, ...args: string[]): boolean {
  return spawnSync(name, args, { stdio: 'ignore' }).status === 0
}

/** Starts an app that listens on the port it is given; resolves when it answers. */
export async function startApp(command: string, args: (port: number) => string[], cwd: string): Promise<AppProcess> {
  const port = await freePort()
  const child = spawn(command, args(port), { cwd, stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  await untilUp(url, child)
  return {
    url,
    async stop() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

async function untilUp(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + UP_WITHIN_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The app ended with ${child.exitCode}`)
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    )
    if (isUp) return
    await pause(50)
  }
  throw new Error(`The app at ${url} did not come up`)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  server.close()
  await once(server, 'close')
  return port
}
