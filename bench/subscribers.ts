/**
 * Programs of handlers that wait to be told: a process of its own that opens many WebSockets, subscribes over each, and
 * notes when each is told. `Crowd` comes in; `'ready'` goes out when all have subscribed; for each `'take'`, the times
 * at which anything came since the last.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface Crowd {
  port: number
  /** JWT credentials, one a user. */
  users: string[]
  connectionsEach: number
  filters: string[]
}

/** Milliseconds of the machine, the same for all processes. */
const now = () => performance.timeOrigin + performance.now()

let told: number[] = []

process.on('message', (message: Crowd | 'take') => {
  if (message === 'take') {
    process.send?.(told)
    told = []
    return
  }
  gather(message).then(
    () => process.send?.('ready'),
    error => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))

async function gather({ port, users, connectionsEach, filters }: Crowd): Promise<void> {
  for (const user of users) {
    const url = await urlFor(port, user)
    await Promise.all(Array.from({ length: connectionsEach }, () => subscribe(url, filters)))
  }
}

async function urlFor(port: number, user: string): Promise<string> {
  const origin = `http://127.0.0.1:${port}`
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: user }
  const basic = Buffer.from('app:app-secret').toString('base64')
  const signedIn = await post(`${origin}/restapi/oauth/token`, `Basic ${basic}`, new URLSearchParams(grant))
  const ticket = await post(`${origin}/restapi/oauth/wstoken`, `Bearer ${signedIn.access_token}`)
  return `${ticket.uri}?access_token=${ticket.ws_access_token}`
}

async function post(url: string, authorization: string, body?: URLSearchParams): Promise<Record<string, string>> {
  const answer = await fetch(url, { method: 'POST', headers: { authorization }, ...(body && { body }) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, string>
}

async function subscribe(url: string, eventFilters: string[]): Promise<void> {
  const socket = new WebSocket(url)
  await once(socket, 'message')
  const meta = { type: 'ClientRequest', messageId: 'subscribe', method: 'POST', path: '/restapi/v1.0/subscription' }
  socket.send(JSON.stringify([meta, { deliveryMode: { transportType: 'WebSocket' }, eventFilters }]))
  const [answer] = await once(socket, 'message')
  const [{ status }] = JSON.parse(String(answer))
  if (status !== 200) throw new Error(`No subscription: ${answer}`)
  socket.on('message', () => told.push(now()))
  socket.on('close', () => {
    throw new Error('The server closed a connection.')
  })
}
