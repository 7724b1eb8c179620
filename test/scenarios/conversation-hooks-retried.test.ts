import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clientOf } from '../support/conversations-client.ts'
import { type HookApp, openHookApp } from '../support/hook-app.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const OTHER = '+15550001001'
const PHONE = '+15557770001'
const LIMIT_MS = 1000

let house: TestHouse
let app: HookApp
let v1: ReturnType<typeof clientOf>['conversations']['v1']
let sid = ''
let other = ''

beforeAll(async () => {
  app = await openHookApp()
  house = await openTestHouse(seedOf([{ number: NUMBER }, { number: OTHER }]), {
    HEDDLE_HOOK_LIMIT_MS: String(LIMIT_MS),
  })
  v1 = clientOf(house).conversations.v1
  await v1.configuration.webhooks().update({ filters: ['onMessageAdded'], postWebhookUrl: `${app.url}/post` })
})

afterAll(async () => {
  await house?.close()
  await app?.close()
})

beforeEach(async () => {
  app.told.length = 0
  sid = await conversationWith(NUMBER)
  other = await conversationWith(OTHER)
})

afterEach(async () => {
  app.answer(() => ({}))
  await v1.conversations(sid).remove()
  await v1.conversations(other).remove()
})

async function conversationWith(number: string): Promise<string> {
  const made = await v1.conversations.create({})
  const binding = { 'messagingBinding.address': PHONE, 'messagingBinding.proxyAddress': number }
  await v1.conversations(made.sid).participants.create(binding)
  return made.sid
}

const bodies = () => app.told.map(one => `${one.parameters.Body} ${one.parameters.RetryCount}`)

async function callsOf(thread: string) {
  return (await house.ask('GET', `/v1/calls?kind=hook&thread=${thread}`)).body.records
}

describe('an app that is away', () => {
  test.each([
    ['busy', { status: 429 }],
    ['failing', { status: 503 }],
    ['silent', { hangs: true }],
  ])('because it is %s is told again within a minute, and of what came after then', async (_, answer) => {
    app.answer(({ parameters }) => (Number(parameters.RetryCount) < 3 && parameters.Body === 'one' ? answer : {}))
    await house.text(PHONE, NUMBER, 'one')
    await house.text(PHONE, NUMBER, 'two')
    await house.text(PHONE, OTHER, 'elsewhere')
    await house.house.settled()
    expect(bodies().sort()).toEqual(['elsewhere 0', 'one 0'])
    for (const after of ['PT3S', 'PT12S', 'PT30S']) {
      await house.advance(after)
      await house.house.settled()
    }
    const told = bodies().filter(each => each !== 'elsewhere 0')
    expect(told).toEqual(['one 0', 'one 1', 'one 2', 'one 3', 'two 0'])
    const tokens = app.told
      .filter(one => one.parameters.Body === 'one')
      .map(one => one.headers['i-twilio-idempotency-token'])
    expect(new Set(tokens).size).toBe(1)
    expect(app.told.every(one => one.isSigned)).toBe(true)
  })

  test('for longer loses its turn to what came after, and is told when the call is replayed', async () => {
    app.answer(({ parameters }) => (parameters.Body === 'one' ? { status: 500 } : {}))
    await house.text(PHONE, NUMBER, 'one')
    await house.text(PHONE, NUMBER, 'two')
    for (const after of ['PT1S', 'PT3S', 'PT12S', 'PT30S']) {
      await house.advance(after)
      await house.house.settled()
    }
    expect(bodies()).toEqual(['one 0', 'one 1', 'one 2', 'one 3', 'two 0'])
    const [second, first] = await callsOf(sid)
    expect(first).toMatchObject({ kind: 'hook', state: 'failed', attempts: 4, errorCode: 11200, thread: sid })
    expect(second).toMatchObject({ state: 'done', errorCode: null })

    app.answer(() => ({}))
    app.told.length = 0
    const replayed = await house.ask('POST', `/v1/calls/${first.id}/replay`)
    expect(replayed).toMatchObject({ status: 202, body: { id: first.id, state: 'waiting' } })
    await house.house.settled()
    expect(bodies()).toEqual(['one 0'])
    expect((await callsOf(sid))[1]).toMatchObject({ state: 'done', errorCode: null })
  })
})

test('an app that says no is not told again: what it says of what has happened counts for nothing', async () => {
  app.answer(() => ({ status: 404 }))
  await house.text(PHONE, NUMBER, 'one')
  await house.house.settled()
  await house.advance('PT1M')
  await house.house.settled()
  expect(bodies()).toEqual(['one 0'])
})

test('what 20 texts say is told in order, however slow the app', async () => {
  app.answer(async ({ parameters }) => {
    await new Promise(resolve => setTimeout(resolve, parameters.Body === 'text 1' ? 50 : 0))
    return {}
  })
  for (let at = 1; at <= 20; at++) await house.text(PHONE, NUMBER, `text ${at}`)
  await house.house.settled()
  expect(bodies()).toEqual(Array.from({ length: 20 }, (_, at) => `text ${at + 1} 0`))
})

describe('a replay is refused', () => {
  test('of a call that went well', async () => {
    await house.text(PHONE, NUMBER, 'one')
    await house.house.settled()
    const [call] = await callsOf(sid)
    const refused = await house.ask('POST', `/v1/calls/${call.id}/replay`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'call_not_failed' } })
  })

  test('of a call that is waiting for another try', async () => {
    app.answer(() => ({ status: 500 }))
    await house.text(PHONE, NUMBER, 'one')
    await house.house.settled()
    const [call] = await callsOf(sid)
    const refused = await house.ask('POST', `/v1/calls/${call.id}/replay`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'call_not_failed' } })
  })

  test('of a call that is not there', async () => {
    for (const id of ['01890000-0000-7000-8000-000000000000', 'nonsense']) {
      expect(await house.ask('POST', `/v1/calls/${id}/replay`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
    }
  })
})
