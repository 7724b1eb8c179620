import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { listen } from './loopback.ts'

/** One request to the app. */
export interface AppRequest {
  person: string
  number: string
  body: string
  idempotencyToken: string
  atMs: number
  /** When the answer was given; null while, or when, none was. */
  answeredAtMs: number | null
}

export interface RecordingApp {
  url: string
  readonly requests: AppRequest[]
  stop(): Promise<void>
}

export const replyTo = (body: string) => `reply to ${body}`

/** A customer's app that answers each text with one reply that names it, after as long as told, and keeps every request. */
export async function openRecordingApp(delayMs: () => number): Promise<RecordingApp> {
  const requests: AppRequest[] = []
  const server: Server = createServer(async (request, response) => {
    const seen = await read(request).catch(() => null)
    // Its sender was killed in the middle.
    if (!seen) return
    requests.push(seen)
    await pause(delayMs())
    response.setHeader('content-type', 'text/xml')
    response.end(`<Response><Message>${replyTo(seen.body)}</Message></Response>`)
    seen.answeredAtMs = Date.now()
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/sms`,
    requests,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

async function read(request: IncomingMessage): Promise<AppRequest> {
  const form = new URLSearchParams(await text(request))
  return {
    person: form.get('From') ?? '',
    number: form.get('To') ?? '',
    body: form.get('Body') ?? '',
    idempotencyToken: String(request.headers['i-twilio-idempotency-token'] ?? ''),
    atMs: Date.now(),
    answeredAtMs: null,
  }
}
