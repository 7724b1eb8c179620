import { once } from 'node:events'
import http from 'node:http'
import twilio from 'twilio'
import { listen } from './loopback.ts'
import { AUTH_TOKEN } from './test-house.ts'

/** One request of a hook. */
export interface HookTold {
  method: string
  path: string
  event: string
  parameters: Record<string, string>
  headers: http.IncomingHttpHeaders
  /** Whether the SDK's own check finds the signature good. */
  isSigned: boolean
}

/** What the app answers: 200 and nothing unless said. `hangs`: no answer at all. */
export interface HookSaid {
  status?: number
  body?: string
  type?: string
  hangs?: boolean
}

export interface HookApp {
  url: string
  told: HookTold[]
  /** Decides the answers from now on. */
  answer(say: (told: HookTold) => HookSaid | Promise<HookSaid>): void
  /** What the app was told of an event. */
  of(event: string): HookTold[]
  close(): Promise<void>
}

/** A customer's app that notes what hooks tell and ask it. */
export async function openHookApp(): Promise<HookApp> {
  const told: HookTold[] = []
  let say: (told: HookTold) => HookSaid | Promise<HookSaid> = () => ({})
  const server = http.createServer(async (request, response) => {
    const one = await read(request)
    told.push(one)
    const said = await say(one)
    if (said.hangs) return
    response.statusCode = said.status ?? 200
    response.setHeader('content-type', said.type ?? 'application/json')
    response.end(said.body ?? '')
  })
  const url = `http://127.0.0.1:${await listen(server)}`

  async function read(request: http.IncomingMessage): Promise<HookTold> {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    await once(request, 'end')
    const target = request.url ?? '/'
    const [path = '', query = ''] = target.split('?', 2)
    const isForm = request.method === 'POST'
    const form = Object.fromEntries(new URLSearchParams(isForm ? Buffer.concat(chunks).toString('utf8') : ''))
    const parameters = isForm ? form : Object.fromEntries(new URLSearchParams(query))
    const signature = String(request.headers['x-twilio-signature'] ?? '')
    return {
      method: request.method ?? '',
      path,
      event: parameters.EventType ?? '',
      parameters,
      headers: request.headers,
      isSigned: twilio.validateRequest(AUTH_TOKEN, signature, url + target, form),
    }
  }

  return {
    url,
    told,
    answer(next) {
      say = next
    },
    of: event => told.filter(one => one.event === event),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
