import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from './loopback.ts'

export interface Heard {
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** The body as a form; empty when it is none. */
  form: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape.
  json: any
  /** What it was answered. */
  status: number
}

/** A customer's app that keeps what it is told and answers nothing. */
export interface Listener {
  url: string
  readonly requests: Heard[]
  /** Answers 500 to the next requests. */
  fail(times: number): void
  clear(): void
  close(): Promise<void>
}

export async function openListener(): Promise<Listener> {
  const requests: Heard[] = []
  let failures = 0
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const isJson = request.headers['content-type'] === 'application/json'
    const status = failures-- > 0 ? 500 : 200
    requests.push({
      path: request.url ?? '',
      headers: request.headers,
      body,
      form: isJson ? {} : Object.fromEntries(new URLSearchParams(body)),
      json: isJson ? JSON.parse(body) : undefined,
      status,
    })
    response.writeHead(status).end()
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    fail(times) {
      failures = times
    },
    clear() {
      requests.length = 0
      failures = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
