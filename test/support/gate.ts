import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { listen } from './loopback.ts'

/** A proxy on loopback at an address that stays, in front of a server that may move, be away, or lose its answers. */
export interface Gate {
  readonly url: string
  /** Where requests go on to. */
  target: string
  /** Nobody listens there any more, and what was connected is cut off. */
  shut(): Promise<void>
  open(): Promise<void>
  /** How long answers are held back. */
  delayMs: number
  /** Whether the answer to a request is lost, after the server has done what was asked. */
  loses(asked: { method: string; path: string; body: string }): boolean
  /** What was passed on. */
  readonly passed: { method: string; path: string; body: string }[]
  close(): Promise<void>
}

export async function openGate(target = ''): Promise<Gate> {
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()))
  const port = await listen(server)
  const gate: Gate = {
    url: `http://127.0.0.1:${port}`,
    target,
    shut: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    open: () =>
      server.listening ? Promise.resolve() : new Promise(resolve => server.listen(port, '127.0.0.1', resolve)),
    delayMs: 0,
    loses: () => false,
    passed: [],
    close: () => gate.shut(),
  }
  return gate

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const { method = 'GET', url: path = '/', headers } = request
    const asked = { method, path, body: body.toString() }
    gate.passed.push(asked)
    const answer = await forward(asked, { ...headers, host: new URL(gate.target).host }, body)
    const bytes = await buffer(answer)
    await pause(gate.delayMs)
    if (gate.loses(asked)) {
      response.destroy()
      return
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    response.end(bytes)
  }

  function forward(asked: { method: string; path: string }, headers: object, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, path } = asked
      const passed = ask(gate.target + path, { method, headers: { ...headers }, agent: false }, resolve)
      passed.on('error', reject)
      passed.end(body)
    })
  }
}
