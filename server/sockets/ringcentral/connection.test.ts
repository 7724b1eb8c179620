import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Connection } from './connection.ts'
import { MAX_UNREAD_BYTES } from './limits.ts'

let server: WebSocketServer
let client: WebSocket
let socket: WebSocket
let connection: Connection

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('No port.')
  client = new WebSocket(`ws://127.0.0.1:${address.port}`)
  const [[opened]] = await Promise.all([once(server, 'connection'), once(client, 'open')])
  socket = opened
  client.on('error', () => {})
  client.pause()
  connection = new Connection({
    socket,
    who: { accountId: 'a', userId: 'u', clientId: 'c', oauthSessionId: 'o', sessionId: 's', connectionId: 'n' },
    machineMs: () => 0,
    ask: async () => ({ status: 200, headers: {}, body: JSON.stringify('x'.repeat(100_000)) }),
    onSubscribed() {},
    onError(error) {
      throw error
    },
  })
})
afterEach(async () => {
  client.terminate()
  server.close()
})

const ENVELOPE = { uuid: 'u', event: 'e', timestamp: 't', subscriptionId: 's', ownerId: '1', body: 'x'.repeat(1000) }

test.each<[string, (at: number) => void]>([
  ['answers', at => connection.take(frame({ type: 'ClientRequest', messageId: `m${at}`, method: 'GET', path: '/' }))],
  ['heartbeats', at => connection.take(frame({ type: 'Heartbeat', messageId: `m${at}` }))],
  ['refusals', () => connection.take('not JSON')],
  ['notifications', at => connection.notify(ENVELOPE, at)],
])('a client that reads no %s is let go before they fill the memory', async (_, send) => {
  for (let at = 0; at < 100_000 && socket.readyState === WebSocket.OPEN; at++) {
    send(at)
    expect(socket.bufferedAmount).toBeLessThan(MAX_UNREAD_BYTES + 1_000_000)
    if (at % 10 === 0) await new Promise(setImmediate)
  }
  expect(socket.readyState).not.toBe(WebSocket.OPEN)
})

function frame(meta: object): string {
  return JSON.stringify([meta])
}
