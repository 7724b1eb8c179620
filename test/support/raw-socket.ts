import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { InboxHouse, UserName } from './inbox-house.ts'
import type { Answer } from './test-house.ts'

type Body = Answer['body']

/** A WebSocket of RingCentral's kind, frame by frame. */
export interface RawSocket {
  readonly ws: WebSocket
  /** Every frame that came, the greeting first. */
  readonly frames: [meta: Body, body?: Body][]
  greeting(): Body
  /** What the client would recover its session by. */
  wsc(): string
  /** Makes a request and waits for its answer. */
  ask(method: string, path: string, body?: unknown, query?: object): Promise<{ meta: Body; body: Body }>
  subscribe(filters: string[]): Promise<Body>
  /** The ends of the events told so far, such as `message-threads/sync`. */
  events(): string[]
  /** Breaks the connection without a word. */
  cut(): void
  close(): Promise<void>
}

/** Opens a WebSocket as a user; with `wsc` it goes on with a session. */
export async function openRawSocket(
  house: Pick<InboxHouse, 'ask' | 'tokenOf'>,
  user: UserName,
  wsc?: string,
): Promise<RawSocket> {
  const authorization = `Bearer ${await house.tokenOf(user)}`
  const ticket = (await house.ask('POST', '/restapi/oauth/wstoken', undefined, { authorization })).body
  return connect(`${ticket.uri}?access_token=${ticket.ws_access_token}${wsc ? `&wsc=${wsc}` : ''}`)
}

export async function connect(url: string): Promise<RawSocket> {
  const ws = new WebSocket(url)
  const frames: RawSocket['frames'] = []
  ws.on('message', data => frames.push(JSON.parse(String(data))))
  await once(ws, 'open')
  await until(() => frames.length > 0)
  let asked = 0

  const raw: RawSocket = {
    ws,
    frames,
    greeting: () => frames[0]?.[1],
    wsc: () => frames.map(([meta]) => meta.wsc).reduce((a, b) => (a.sequence > b.sequence ? a : b)).token,
    async ask(method, path, body, query) {
      asked += 1
      const messageId = `ask ${asked}`
      const meta = { type: 'ClientRequest', messageId, method, path, headers: {}, query }
      ws.send(JSON.stringify(body === undefined ? [meta] : [meta, body]))
      await until(() => frames.some(([each]) => each.messageId === messageId))
      const [answer, answered] = frames.find(([each]) => each.messageId === messageId) ?? [{}, undefined]
      return { meta: answer, body: answered }
    },
    async subscribe(filters) {
      const wish = { eventFilters: filters, deliveryMode: { transportType: 'WebSocket' } }
      const { meta, body } = await raw.ask('POST', '/restapi/v1.0/subscription', wish)
      if (meta.status !== 200) throw new Error(`No subscription: ${JSON.stringify(body)}`)
      return body
    },
    events: () =>
      frames
        .filter(([meta]) => meta.type === 'ServerNotification')
        .map(([, body]) => String(body.event).replace(/^.*account\/[0-9]+\//, '')),
    cut: () => ws.terminate(),
    async close() {
      ws.close()
      if (ws.readyState !== ws.CLOSED) await once(ws, 'close')
    },
  }
  return raw
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 5) {
    if (waitedMs > 10_000) throw new Error('Nothing came.')
    await pause(5)
  }
}
