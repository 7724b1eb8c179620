import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseCarrier } from '../../server/domain/carrier-record.ts'
import { findCarriersNamed } from '../../server/store/carriers.ts'
import { testCarrier } from '../../server/test-carrier.ts'
import { type FakeGateway, openFakeGateway, readExample, readExampleSeed } from '../support/fake-gateway.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const AUTH = '0123456789abcdef0123456789abcdef'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`
const digits = (number: string) => number.slice(1)

describe('an account whose numbers are at Plivo', () => {
  let gateway: FakeGateway
  let house: TestHouse
  let sent = 0

  beforeAll(async () => {
    gateway = await openFakeGateway()
    const example = await readExample('plivo', gateway.url)
    house = await openTestHouse({
      accounts: [
        {
          sid: ACCOUNT_SID,
          authToken: AUTH_TOKEN,
          name: 'Test',
          carriers: [{ ...example, answerWithinMs: 2000 } as typeof example],
          numbers: [{ number: NUMBER, carrier: 'plivo' }],
        },
      ],
    })
  })
  afterAll(async () => {
    await house.close()
    await gateway.close()
  })
  beforeEach(() => {
    gateway.calls.length = 0
    gateway.answer = () => ({ status: 202, body: { message_uuid: [`uuid-${++sent}`] } })
  })

  const carrier = async () => (await house.ask('GET', '/v1/carriers')).body.records[0]
  const call = async (endpoint: string, fields: Record<string, string>) => {
    const url = `${(await carrier()).callbackUrl}/${endpoint}`
    const nonce = String(Math.random())
    const signature = createHmac('sha256', AUTH)
      .update(url.split('?')[0] + nonce)
      .digest('base64')
    const headers = { 'x-plivo-signature-v2': signature, 'x-plivo-signature-v2-nonce': nonce }
    return fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields) })
  }
  const send = async (to: string, body: string, more: Record<string, string> = {}) =>
    house.ask('POST', `${MESSAGES}.json`, new URLSearchParams({ From: NUMBER, To: to, Body: body, ...more }))
  const textOf = async (sid: string) => (await house.ask('GET', `${MESSAGES}/${sid}.json`)).body
  const statusOf = (sid: string, status: string) => expect.poll(async () => (await textOf(sid)).status).toBe(status)
  /** What the gateway was told of a text: where its receipts go, and the id that it gave. */
  const lastSent = () => ({ id: `uuid-${sent}`, url: JSON.parse(gateway.calls.at(-1)?.body ?? '{}').url as string })
  const receipt = (id: string, status: string, code = '000') => ({
    MessageUUID: id,
    From: digits(NUMBER),
    To: '15557770001',
    Status: status,
    ErrorCode: code,
  })

  test('a text goes there and comes back as delivered', async () => {
    const { body } = await send('+15557770001', 'hello')
    await statusOf(body.sid, 'sent')
    const { id, url } = lastSent()
    expect(url.startsWith(`${(await carrier()).callbackUrl}/status?`)).toBe(true)
    expect((await call('status', receipt(id, 'delivered'))).status).toBe(200)
    await statusOf(body.sid, 'delivered')
  })

  test('a text and a picture from a phone come in once', async () => {
    gateway.files.set('/m/cat.png', { contentType: 'image/png', bytes: Buffer.from('89504e47', 'hex') })
    const text = {
      MessageUUID: 'in-1',
      From: '15557770002',
      To: digits(NUMBER),
      Type: 'mms',
      Body: 'My cat',
      Media0: `${gateway.url}/m/cat.png`,
    }
    for (const _ of [1, 2]) {
      const answer = await call('inbound', text)
      expect([answer.status, await answer.text()]).toEqual([200, '<Response></Response>'])
    }
    const { messages } = (await house.ask('GET', `${MESSAGES}.json?From=%2B15557770002`)).body
    expect(messages).toMatchObject([{ body: 'My cat', to: NUMBER, num_media: '1', direction: 'inbound' }])
    const media = (await house.ask('GET', `${MESSAGES}/${messages[0].sid}/Media.json`)).body
    expect(media.media_list).toMatchObject([{ content_type: 'image/png' }])
  })

  test('a request that Plivo did not sign changes nothing', async () => {
    const url = `${(await carrier()).callbackUrl}/inbound`
    const body = new URLSearchParams({ MessageUUID: 'in-2', From: '15557770003', To: digits(NUMBER), Text: 'forged' })
    expect((await fetch(url, { method: 'POST', body })).status).toBe(403)
    expect((await house.ask('GET', `${MESSAGES}.json?From=%2B15557770003`)).body.messages).toEqual([])
  })

  test('who said stop at Plivo has said it here', async () => {
    const { body } = await send('+15557770004', 'hello')
    await statusOf(body.sid, 'sent')
    await call('status', receipt(lastSent().id, 'failed', '200'))
    await statusOf(body.sid, 'failed')
    expect(await textOf(body.sid)).toMatchObject({ error_code: 21610 })
    expect(await send('+15557770004', 'again')).toMatchObject({ status: 400, body: { code: 21610 } })
  })

  test('a text that was never answered is shown as unknown, is not sent again, and a late receipt tells of it', async () => {
    gateway.answer = () => ({ status: 202, isSilent: true })
    const { body } = await send('+15557770005', 'hello')
    await expect.poll(() => gateway.calls.length).toBe(1)
    const { url } = lastSent()
    await expect.poll(async () => (await carrier()).lastError).toMatch(/did not answer/)
    await house.house.settled()
    expect((await textOf(body.sid)).status).toBe('sending')
    expect(gateway.calls).toHaveLength(1)
    await call(`status${new URL(url).search}`, receipt('late-1', 'delivered'))
    await statusOf(body.sid, 'delivered')
  })

  test('it is shown how the gateway is told, and no secret of it', async () => {
    const example = parseCarrier(await readExample('plivo', gateway.url))
    const shown = await carrier()
    expect(shown).toMatchObject({ name: 'plivo', kind: 'http', numbers: 1 })
    expect(shown.settings).toEqual({ ...example.settings, answerWithinMs: 2000 })
    const health = await (await fetch(`${house.url}/healthz`)).text()
    expect(JSON.parse(health).carriers).toMatchObject([{ name: 'plivo', kind: 'http' }])
    expect(JSON.stringify(shown) + health).not.toContain(AUTH)
  })

  test('its secrets are sealed where they are kept', async () => {
    const [kept] = await findCarriersNamed(house.house.core.db, 'plivo')
    expect(JSON.stringify(kept?.settings)).not.toContain(AUTH)
    expect(Buffer.from(kept?.secrets ?? []).includes(AUTH)).toBe(false)
  })

  test('the operator is told in one line whether it can be reached', async () => {
    const { db, seal } = house.house.core
    const check = () => testCarrier(db, seal, { name: 'plivo', account: ACCOUNT_SID })
    gateway.answer = () => ({ status: 200 })
    expect(await check()).toMatch(/^127\.0\.0\.1:\d+ answered 200 in \d+ ms\.$/)
    gateway.answer = () => ({ status: 401, body: { error: `${AUTH} is wrong` } })
    await expect(check()).rejects.toThrow(/refused the credentials: 401, \*\*\* is wrong\.$/)
  })

  test('after a restart it goes on as before', async () => {
    await house.restart()
    const { body } = await send('+15557770006', 'hello')
    await statusOf(body.sid, 'sent')
    await call('status', receipt(lastSent().id, 'delivered'))
    await statusOf(body.sid, 'delivered')
    expect(await carrier()).toMatchObject({ isBound: true, lastError: null })
  })
})

test.each(['telnyx', 'vonage', 'plivo', 'bandwidth', 'smsgate'])('the example %s is a whole seed', async name => {
  const gateway = await openFakeGateway()
  const house = await openTestHouse(await readExampleSeed(name, gateway.url))
  const { carriers } = (await house.ask('GET', '/healthz')).body
  expect(carriers).toMatchObject([{ kind: 'http' }])
  await expect.poll(() => gateway.calls.map(call => call.method)).toEqual(['GET'])
  await house.close()
  await gateway.close()
})
