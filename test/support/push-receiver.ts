import { once } from 'node:events'
import http from 'node:http'
import { listen } from './loopback.ts'
import type { Answer } from './test-house.ts'

/** One delivery to a webhook. */
export interface Pushed {
  path: string
  headers: http.IncomingHttpHeaders
  /** Null for a handshake, which has no body. */
  body: Answer['body']
}

export interface PushReceiver {
  url: string
  /** What was delivered, handshakes apart. */
  told: Pushed[]
  handshakes: Pushed[]
  /** The status of answers from now on; 200 unless said. */
  status: number
  /** What the handshake sends back; the token itself unless said. */
  echo(token: string): string | null
  /** The ends of the events that were delivered, such as `message-threads/sync`, and forgets them. */
  take(): string[]
  close(): Promise<void>
}

/** A program that takes RingCentral's webhooks, as RingCentral tells to write one. */
export async function openPushReceiver(): Promise<PushReceiver> {
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    await once(request, 'end')
    const text = Buffer.concat(chunks).toString('utf8')
    const pushed = { path: request.url ?? '', headers: request.headers, body: text ? JSON.parse(text) : null }
    const token = request.headers['validation-token']
    response.setHeader('content-type', 'application/json')
    if (typeof token === 'string') {
      receiver.handshakes.push(pushed)
      const echoed = receiver.echo(token)
      if (echoed !== null) response.setHeader('Validation-Token', echoed)
    } else {
      receiver.told.push(pushed)
      response.statusCode = receiver.status
    }
    response.end()
  })
  const receiver: PushReceiver = {
    url: `http://127.0.0.1:${await listen(server)}/told`,
    told: [],
    handshakes: [],
    status: 200,
    echo: token => token,
    take: () => receiver.told.splice(0).map(({ body }) => String(body.event).replace(/^.*account\/[0-9]+\//, '')),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return receiver
}
