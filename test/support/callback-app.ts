import { once } from 'node:events'
import http from 'node:http'
import twilio from 'twilio'
import { listen } from './loopback.ts'
import { AUTH_TOKEN } from './test-house.ts'

/** One request that a customer's app got. */
export interface Told {
  path: string
  parameters: Record<string, string>
  /** Whether the SDK's own check finds the signature good. */
  isSigned: boolean
}

export interface CallbackApp {
  url: string
  told: Told[]
  /** The statuses told of one text, in the order they came. */
  statusesOf(sid: string): string[]
  close(): Promise<void>
}

/** A customer's app that notes what it is told; `answer` gives the TwiML for a path, nothing unless said. */
export async function openCallbackApp(answer: (told: Told) => string = () => ''): Promise<CallbackApp> {
  const told: Told[] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    await once(request, 'end')
    const parameters = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
    const signature = String(request.headers['x-twilio-signature'] ?? '')
    const path = request.url ?? '/'
    const one = { path, parameters, isSigned: twilio.validateRequest(AUTH_TOKEN, signature, url + path, parameters) }
    told.push(one)
    response.setHeader('content-type', 'text/xml')
    response.end(answer(one))
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return {
    url,
    told,
    statusesOf: sid =>
      told.filter(one => one.parameters.MessageSid === sid).map(one => one.parameters.MessageStatus ?? ''),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
