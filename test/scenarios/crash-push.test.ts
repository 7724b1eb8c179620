import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive } from '../support/embedded-process.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { BILLING, INBOX_SEED } from '../support/inbox-house.ts'
import { openPushReceiver, type PushReceiver } from '../support/push-receiver.ts'
import { openRawSocket } from '../support/raw-socket.ts'
import { ACCOUNT_SID, type Answer, AUTH_TOKEN } from '../support/test-house.ts'

const ENTRIES = '/restapi/v1.0/account/~/message-threads/entries/sync'
const BASIC = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`

let heddle: HeddleProcess
let receiver: PushReceiver

beforeEach(async () => {
  receiver = await openPushReceiver()
  heddle = await newHeddleProcess(INBOX_SEED, { HEDDLE_SECRET_KEY: 'a key for tests' })
  await heddle.start()
})
afterEach(async () => {
  await heddle.remove()
  await receiver.close()
})

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof URLSearchParams
  const answer = await fetch(heddle.url + path, {
    method,
    headers: { authorization: BASIC, ...(isForm ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text ? JSON.parse(text) : undefined, headers: answer.headers }
}

async function tokenOf(): Promise<string> {
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'ann-jwt' }
  const authorization = `Basic ${Buffer.from('app:app-secret').toString('base64')}`
  return (await ask('POST', '/restapi/oauth/token', new URLSearchParams(grant), { authorization })).body.access_token
}

let guests = 0
/** A guest writes; the text is committed when this resolves. */
async function text(): Promise<void> {
  guests += 1
  const from = `+1555774${String(guests).padStart(4, '0')}`
  const answer = await ask('POST', '/simulator/messages', { from, to: BILLING, body: 'Hello?' })
  expect(answer.status).toBe(201)
}

test('what was committed just before the server was killed reaches sockets and webhooks', {
  timeout: 120_000,
}, async () => {
  const authorization = `Bearer ${await tokenOf()}`
  const deliveryMode = { transportType: 'WebHook', address: receiver.url }
  const made = await ask(
    'POST',
    '/restapi/v1.0/subscription',
    { eventFilters: [ENTRIES], deliveryMode },
    { authorization },
  )
  expect(made.status).toBe(200)
  let socket = await openRawSocket({ ask, tokenOf }, 'ann')
  await socket.subscribe([ENTRIES])
  let texts = 0
  let told = 0
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < 5; at++) {
      await text()
      texts += 1
    }
    await heddle.end('SIGKILL')
    told += socket.events().length
    const known = socket.wsc()
    await heddle.start()
    socket = await openRawSocket({ ask, tokenOf }, 'ann', known)
    expect(socket.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await expect.poll(() => told + socket.events().length).toBe(texts)
  }
  // One that was under way when the server was killed may come twice, as the same one.
  const uuids = () => new Set(receiver.told.map(({ body }) => body.uuid)).size
  await expect.poll(uuids, { timeout: 20_000 }).toBe(texts)
  await socket.close()
})

test('while the database is away sockets stay, and then are told of what was committed', {
  timeout: 60_000,
}, async () => {
  const socket = await openRawSocket({ ask, tokenOf }, 'ann')
  await socket.subscribe([ENTRIES])
  await text()
  const pid = heddle.databasePid()
  if (pid) process.kill(pid, 'SIGKILL')
  while (pid && isAlive(pid)) await pause(5)
  await heddle.healthy()
  await text()
  await expect.poll(() => socket.events()).toHaveLength(2)
  const { meta } = await socket.ask('GET', '/restapi/v1.0/account/~')
  expect(meta.status).toBe(200)
  await socket.close()
})
