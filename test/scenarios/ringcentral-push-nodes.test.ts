import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { BILLING, INBOX_SEED, type InboxHouse, openInboxHouse } from '../support/inbox-house.ts'
import { openTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { openPushReceiver, type PushReceiver } from '../support/push-receiver.ts'
import { openRawSocket } from '../support/raw-socket.ts'

const THREADS = '/restapi/v1.0/account/~/message-threads/sync'
const ENTRIES = '/restapi/v1.0/account/~/message-threads/entries/sync'
const BOTH = ['message-threads/entries/sync', 'message-threads/sync']

let database: TestDatabase
let one: InboxHouse
let other: InboxHouse
let receiver: PushReceiver

beforeAll(async () => {
  database = await openTestDatabase()
  const { user, host, port, database: name } = database.connection
  const DATABASE_URL = `postgresql://${user}@/${name}?host=${encodeURIComponent(String(host))}&port=${port}`
  one = await openInboxHouse(INBOX_SEED, { DATABASE_URL })
  other = await openInboxHouse(INBOX_SEED, { DATABASE_URL })
  receiver = await openPushReceiver()
})
afterAll(async () => {
  await one?.close()
  await other?.close()
  await receiver?.close()
  await database?.close()
})

let guests = 0
function newGuest(): string {
  guests += 1
  return `+1555773${String(guests).padStart(4, '0')}`
}

test('whichever node a text reaches, sockets of every node are told', { timeout: 30_000 }, async () => {
  const sockets = [await openRawSocket(one, 'ann'), await openRawSocket(other, 'bob')]
  for (const socket of sockets) await socket.subscribe([THREADS, ENTRIES])
  for (const [at, node] of [one, other, one, other].entries()) {
    await node.text(newGuest(), BILLING, `text ${at}`)
    for (const socket of sockets) await expect.poll(() => socket.events()).toHaveLength(2 * (at + 1))
  }
  for (const socket of sockets) {
    expect(new Set(socket.events())).toEqual(new Set(BOTH))
    await socket.close()
  }
})

test('a session is recovered on another node, which says what it missed; the first lets go', {
  timeout: 30_000,
}, async () => {
  const before = await openRawSocket(one, 'ann')
  await before.subscribe([THREADS, ENTRIES])
  const known = before.wsc()
  await one.text(newGuest(), BILLING, 'told there')
  await expect.poll(() => before.events()).toHaveLength(2)
  const after = await openRawSocket(other, 'ann', known)
  expect(after.greeting()).toMatchObject({ recoveryState: 'Successful' })
  await expect.poll(() => after.events().sort()).toEqual(BOTH)
  await expect.poll(() => before.ws.readyState).toBe(WebSocket.CLOSED)
  await one.text(newGuest(), BILLING, 'told here')
  await expect.poll(() => after.events()).toHaveLength(4)
  expect(before.events()).toHaveLength(2)
  await after.close()
})

test('what ends a subscription on one node ends it on the others', { timeout: 30_000 }, async () => {
  const socket = await openRawSocket(one, 'ann')
  const { id } = await socket.subscribe([ENTRIES])
  const authorization = `Bearer ${await other.tokenOf('ann')}`
  const deleted = await other.ask('DELETE', `/restapi/v1.0/subscription/${id}`, undefined, { authorization })
  expect(deleted.status).toBe(204)
  const witness = await openRawSocket(one, 'ann')
  await witness.subscribe([ENTRIES])
  await other.text(newGuest(), BILLING, 'Who hears?')
  await expect.poll(() => witness.events()).toHaveLength(1)
  expect(socket.events()).toEqual([])
  await socket.close()
  await witness.close()
})

test('a webhook is told once of each text, whichever nodes took the texts', { timeout: 30_000 }, async () => {
  const authorization = `Bearer ${await one.tokenOf('ann')}`
  const deliveryMode = { transportType: 'WebHook', address: receiver.url }
  const wish = { eventFilters: [ENTRIES], deliveryMode }
  const made = await one.ask('POST', '/restapi/v1.0/subscription', wish, { authorization })
  expect(made.status).toBe(200)
  for (const [at, node] of [other, one, other, one].entries()) await node.text(newGuest(), BILLING, `text ${at}`)
  await expect.poll(() => receiver.told.length).toBe(4)
  await one.house.settled()
  await other.house.settled()
  expect(new Set(receiver.told.map(({ body }) => body.uuid)).size).toBe(4)
  expect(receiver.told).toHaveLength(4)
})
