import http from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type AccountFeed, openAccountFeed } from '../../server/core/feed/account-feed.ts'
import { Admissions } from '../../server/core/sign-in/admissions.ts'
import { checkJwt } from '../../server/core/sign-in/check-user.ts'
import { openOnSocket } from '../../server/core/subscriptions/open-subscription.ts'
import { openRingCentralSockets, type RingCentralSockets } from '../../server/sockets/ringcentral/sockets.ts'
import { serveUpgrades } from '../../server/sockets/upgrades.ts'
import { type InboxHouse, openInboxHouse } from '../support/inbox-house.ts'
import { listen } from '../support/loopback.ts'
import { connect, type RawSocket } from '../support/raw-socket.ts'

const MINUTE_MS = 60_000

let house: InboxHouse
let server: http.Server
let feed: AccountFeed
let sockets: RingCentralSockets
let origin = ''
/** What went wrong and is meant to. */
let meant: unknown
/** How far the machine's clock is ahead. */
let aheadMs = 0

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

beforeEach(async () => {
  const { core } = house.house
  aheadMs = 0
  meant = undefined
  const clock = { world: core.clock.world, machineMs: () => core.clock.machineMs() + aheadMs }
  const onError = (error: unknown) => {
    if (error !== meant) throw error
  }
  const here = { ...core, clock }
  feed = openAccountFeed(here, onError)
  const admissions = new Admissions()
  sockets = openRingCentralSockets({
    core: here,
    feed,
    admissions,
    onError,
    // The one request made here: to subscribe.
    async inject({ headers }) {
      const admitted = admissions.find(headers.authorization?.replace('Bearer ', '') ?? '')
      if (!admitted) throw new Error('Nobody asks.')
      const userId = await checkJwt(core, admitted.accountId, 'ann-jwt')
      const owner = { userId, clientId: 'app', extensionId: 101 }
      const made = await openOnSocket(here, admitted.accountId, owner, { filters: [], socket: admitted })
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: made.id }) }
    },
  })
  server = http.createServer()
  serveUpgrades(server, { '/restapi/ws': sockets.upgrade })
  origin = `ws://127.0.0.1:${await listen(server)}`
})
afterEach(async () => {
  await sockets.stop()
  await feed.stop()
  server.close()
})

async function opened(wsc?: string): Promise<{ socket: RawSocket; token: string }> {
  const token = await house.tokenOf('ann')
  const ticket = (await house.ask('POST', '/restapi/oauth/wstoken', undefined, { authorization: `Bearer ${token}` }))
    .body
  const query = `access_token=${ticket.ws_access_token}${wsc ? `&wsc=${wsc}` : ''}`
  return { socket: await connect(`${origin}/restapi/ws?${query}`), token }
}

async function expectClosed({ ws, frames }: RawSocket, errorCode: string | null): Promise<void> {
  await expect.poll(() => ws.readyState).toBe(WebSocket.CLOSED)
  const errors = frames.filter(([meta]) => meta.type === 'Error').map(([, body]) => body.errorCode)
  expect(errors).toEqual(errorCode ? [errorCode] : [])
}

/** A sweep, and time for pongs to come back. */
async function sweep(socket: RawSocket): Promise<void> {
  await sockets.sweep()
  if (socket.ws.readyState !== WebSocket.OPEN) return
  const beat = `beat ${aheadMs}`
  socket.ws.send(JSON.stringify([{ type: 'Heartbeat', messageId: beat }]))
  await expect.poll(() => socket.frames.some(([meta]) => meta.messageId === beat)).toBe(true)
}

test('who says nothing for half an hour is let go, who beats stays for a day', async () => {
  const { socket: silent } = await opened()
  const { socket: beating } = await opened()
  aheadMs = 29 * MINUTE_MS
  await sweep(beating)
  expect(silent.ws.readyState).toBe(WebSocket.OPEN)
  aheadMs = 31 * MINUTE_MS
  await sweep(beating)
  await expectClosed(silent, 'WSG-902')
  expect(beating.ws.readyState).toBe(WebSocket.OPEN)
  for (aheadMs = 60 * MINUTE_MS; aheadMs < 24 * 60 * MINUTE_MS; aheadMs += 29 * MINUTE_MS) await sweep(beating)
  expect(beating.ws.readyState).toBe(WebSocket.OPEN)
  aheadMs = 24 * 60 * MINUTE_MS + 1
  await sockets.sweep()
  await expectClosed(beating, 'WSG-903')
})

test('who answers no ping is cut', async () => {
  const { socket } = await opened()
  Object.assign(socket.ws, { pong: () => {}, _autoPong: false })
  await sweep(socket)
  expect(socket.ws.readyState).toBe(WebSocket.OPEN)
  await sockets.sweep()
  await expectClosed(socket, null)
})

test('who signs out is let go', async () => {
  const { socket, token } = await opened()
  const { socket: other } = await opened()
  const authorization = `Basic ${Buffer.from('app:app-secret').toString('base64')}`
  await house.ask('POST', '/restapi/oauth/revoke', new URLSearchParams({ token }), { authorization })
  await sweep(other)
  await expectClosed(socket, 'OAU-213')
  expect(other.ws.readyState).toBe(WebSocket.OPEN)
})

test('a session is recovered for three minutes after its connection broke, however long it stood before', async () => {
  const { socket } = await opened()
  await socket.subscribe([])
  for (const minutes of [3, 6, 6.5]) {
    aheadMs = minutes * MINUTE_MS
    await sweep(socket)
  }
  const { ws } = socket
  const known = socket.wsc()
  ws.close()
  await expect.poll(() => ws.readyState).toBe(WebSocket.CLOSED)
  const { socket: again } = await opened(known)
  expect(again.greeting()).toMatchObject({ recoveryState: 'Successful' })
  again.ws.close()
  await expect.poll(() => again.ws.readyState).toBe(WebSocket.CLOSED)
  aheadMs += 3 * MINUTE_MS + 1000
  const { socket: late } = await opened(again.wsc())
  expect(late.greeting()).toMatchObject({ recoveryState: 'Failed' })
})

test('whose subscription can’t be joined is cut, and goes on with its session', async () => {
  const { socket } = await opened()
  const { watch } = feed
  meant = new Error('The database is away.')
  feed.watch = () => Promise.reject(meant)
  await socket.subscribe([])
  await expectClosed(socket, null)
  feed.watch = watch
  const { socket: again } = await opened(socket.wsc())
  expect(again.greeting()).toMatchObject({ recoveryState: 'Successful' })
})
