import twilio from 'twilio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { refusalOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type PhoneText, type TestHouse } from '../support/test-house.ts'
import { clientOf, type TwilioClient } from '../support/twilio-sdk.ts'

const OTHER_SID = 'AC00000000000000000000000000000002'
const OTHER_TOKEN = 'fedcba9876543210fedcba9876543210'
const [PLAIN, APP, THEIRS] = ['+15550001000', '+15550001001', '+15550002000']
const SHORT_CODE = '55501'

let house: TestHouse
let client: TwilioClient
let others: TwilioClient
let app: CallbackApp
const sids = new Map<string, string>()
let persons = 0

const british = () => `+447400${String(++persons).padStart(6, '0')}`
const american = () => `+1212555${String(++persons).padStart(4, '0')}`

beforeAll(async () => {
  app = await openCallbackApp(({ path }) =>
    path === '/sms' ? '<Response><Message from="ACME">Thank you</Message></Response>' : '',
  )
  house = await openTestHouse({
    accounts: [
      {
        sid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        name: 'Test',
        numbers: [
          { number: PLAIN },
          { number: APP, smsUrl: `${app.url}/sms` },
          { number: SHORT_CODE, type: 'short_code', country: 'GB' },
        ],
        pools: [
          { name: 'Seeded', names: [{ name: 'SEEDED' }, { name: 'SEMES', country: 'FR', carrier: 'simulator' }] },
        ],
      },
      { sid: OTHER_SID, authToken: OTHER_TOKEN, name: 'Other', numbers: [{ number: THEIRS }] },
    ],
  })
  client = clientOf(twilio, house)
  others = clientOf(twilio, house, [OTHER_SID, OTHER_TOKEN])
  for (const { sid, phoneNumber } of await client.incomingPhoneNumbers.list()) sids.set(phoneNumber, sid)
  for (const { sid, shortCode } of await client.shortCodes.list()) sids.set(shortCode, sid)
})
afterAll(async () => {
  await house.close()
  await app.close()
})

interface Senders {
  name?: string
  names?: Record<string, string>
  numbers?: string[]
}

async function serviceWith({ name, names = {}, numbers = [] }: Senders, by = client) {
  const { sid } = await by.messaging.v1.services.create({ friendlyName: 'Names' })
  const service = Object.assign(by.messaging.v1.services(sid), { sid })
  if (name) await service.alphaSenders.create({ alphaSender: name })
  for (const [isoCountryCode, alphaSender] of Object.entries(names)) {
    await service.destinationAlphaSenders.create({ alphaSender, isoCountryCode })
  }
  for (const number of numbers) {
    if (number.startsWith('+')) await service.phoneNumbers.create({ phoneNumberSid: sids.get(number)! })
    else await service.shortCodes.create({ shortCodeSid: sids.get(number)! })
  }
  return service
}

async function sent(message: Parameters<TwilioClient['messages']['create']>[0], by = client) {
  const { sid } = await by.messages.create(message)
  await expect.poll(async () => (await by.messages(sid).fetch()).status).toMatch(/delivered|failed/)
  return by.messages(sid).fetch()
}

async function seen(phone: string): Promise<PhoneText[]> {
  await house.house.settled()
  return (await house.phone(phone)).filter(({ direction }) => direction === 'received')
}

test('a text leaves from the name of its service where names are taken, and is delivered', async () => {
  const service = await serviceWith({ name: 'ACME', numbers: [PLAIN] })
  const to = british()
  const accepted = await client.messages.create({ messagingServiceSid: service.sid, to, body: 'Hello' })
  expect(accepted).toMatchObject({ status: 'accepted', from: null })
  await expect.poll(async () => (await client.messages(accepted.sid).fetch()).status).toBe('delivered')
  expect(await client.messages(accepted.sid).fetch()).toMatchObject({
    from: 'ACME',
    messagingServiceSid: service.sid,
    status: 'delivered',
  })
  expect(await seen(to)).toMatchObject([{ from: 'ACME', to, body: 'Hello', sid: accepted.sid }])
  expect(await client.messages.list({ from: 'ACME', to })).toMatchObject([{ sid: accepted.sid }])
  await service.remove()
})

test('a text leaves from a number where names are not taken, and when it carries files', async () => {
  const service = await serviceWith({ name: 'ACME', numbers: [PLAIN] })
  const messagingServiceSid = service.sid
  expect((await sent({ messagingServiceSid, to: american(), body: 'Hello' })).from).toBe(PLAIN)
  const picture = await openCallbackApp()
  const asked = { messagingServiceSid, to: british(), mediaUrl: [`${picture.url}/cat.png`] }
  expect((await client.messages.create(asked)).status).toBe('accepted')
  await expect.poll(async () => (await client.messages.list({ to: asked.to })).map(({ from }) => from)).toEqual([PLAIN])
  await picture.close()
  await service.remove()
})

test('a name for one country goes before the one for all, also where names are not taken', async () => {
  const service = await serviceWith({ name: 'ACME', names: { FR: 'ACMEFR', US: 'ACMEUS' }, numbers: [PLAIN] })
  const messagingServiceSid = service.sid
  expect((await sent({ messagingServiceSid, to: '+33612345678', body: 'Salut' })).from).toBe('ACMEFR')
  expect((await sent({ messagingServiceSid, to: american(), body: 'Hi' })).from).toBe('ACMEUS')
  expect((await sent({ messagingServiceSid, to: british(), body: 'Hello' })).from).toBe('ACME')
  await service.remove()
})

test('a short code goes before a name, and what texted a person before goes before both', async () => {
  const service = await serviceWith({ numbers: [PLAIN] })
  const messagingServiceSid = service.sid
  const known = british()
  expect((await sent({ messagingServiceSid, to: known, body: 'Hello' })).from).toBe(PLAIN)
  await service.alphaSenders.create({ alphaSender: 'ACME' })
  const named = british()
  expect((await sent({ messagingServiceSid, to: named, body: 'Hello' })).from).toBe('ACME')
  await service.shortCodes.create({ shortCodeSid: sids.get(SHORT_CODE)! })
  expect((await sent({ messagingServiceSid, to: british(), body: 'Hello' })).from).toBe(SHORT_CODE)
  expect((await sent({ messagingServiceSid, to: known, body: 'Again' })).from).toBe(PLAIN)
  expect((await sent({ messagingServiceSid, to: named, body: 'Again' })).from).toBe('ACME')
  const [name] = await service.alphaSenders.list()
  await service.alphaSenders(name!.sid).remove()
  expect((await sent({ messagingServiceSid, to: named, body: 'Renamed' })).from).toBe(SHORT_CODE)
  await service.remove()
})

test('a program may send from a name of its services, alone or with the service', async () => {
  const service = await serviceWith({ name: 'A+B Taxi' })
  const other = await serviceWith({ name: 'ACME' })
  const to = british()
  expect(await sent({ from: 'A+B Taxi', to, body: 'Alone' })).toMatchObject({
    from: 'A+B Taxi',
    messagingServiceSid: null,
    status: 'delivered',
  })
  const both = await sent({ from: 'A+B Taxi', messagingServiceSid: service.sid, to, body: 'Both' })
  expect(both).toMatchObject({ from: 'A+B Taxi', messagingServiceSid: service.sid })
  const strange = { from: 'A+B Taxi', messagingServiceSid: other.sid, to, body: 'Strange' }
  expect(await refusalOf(client.messages.create(strange))).toMatchObject({ status: 400, code: 21711 })
  await service.remove()
  await other.remove()
  expect(await refusalOf(client.messages.create({ from: 'A+B Taxi', to, body: 'Gone' }))).toMatchObject({ code: 21606 })
})

test('a name is what a worker of the account might be called', async () => {
  const service = await serviceWith({ name: 'account' })
  expect(await sent({ messagingServiceSid: service.sid, to: british(), body: 'Hello' })).toMatchObject({
    from: 'account',
    status: 'delivered',
  })
  await service.remove()
})

test('a scheduled text leaves from a name when its hour has come', async () => {
  const service = await serviceWith({ name: 'ACME' })
  const { body } = await house.ask('GET', '/simulator/clock')
  const sendAt = new Date(Date.parse(body.now) + 600_000)
  const { sid } = await client.messages.create({
    messagingServiceSid: service.sid,
    scheduleType: 'fixed',
    sendAt,
    to: british(),
    body: 'Later',
  })
  await house.advance('PT11M')
  await expect.poll(async () => (await client.messages(sid).fetch()).status).toBe('delivered')
  expect((await client.messages(sid).fetch()).from).toBe('ACME')
  const named = { messagingServiceSid: service.sid, scheduleType: 'fixed' as const, from: 'ACME', body: 'No' }
  const hour = new Date(sendAt.getTime() + 900_000)
  await expect(client.messages.create({ ...named, sendAt: hour, to: '+15557770001' })).rejects.toMatchObject({
    code: 21612,
  })
  const files = { ...named, mediaUrl: ['http://media.example/cat.png'] }
  await expect(client.messages.create({ ...files, sendAt: hour, to: british() })).rejects.toMatchObject({ code: 21621 })
  await service.remove()
})

test('an app answers from a name', async () => {
  const service = await serviceWith({ name: 'ACME' })
  const person = british()
  await house.text(person, APP, 'Order')
  await expect
    .poll(async () => (await seen(person)).map(({ from, body }) => [from, body]))
    .toEqual([['ACME', 'Thank you']])
  await service.remove()
})

test('who said stop to a number of the service is not texted by its name', async () => {
  const service = await serviceWith({ name: 'ACME', numbers: [PLAIN] })
  const to = british()
  await house.text(to, PLAIN, 'STOP')
  const text = { to, body: 'Hello' }
  expect(await refusalOf(client.messages.create({ ...text, from: 'ACME' }))).toMatchObject({ code: 21610 })
  const through = client.messages.create({ ...text, messagingServiceSid: service.sid })
  expect(await refusalOf(through)).toMatchObject({ code: 21610 })
  await service.remove()
})

test('nobody can answer a name', async () => {
  const service = await serviceWith({ name: 'ACME' })
  const answer = await house.ask('POST', '/simulator/messages', { from: british(), to: 'ACME', body: 'Hello?' })
  expect(answer).toMatchObject({ status: 404, body: { code: 'number_unknown' } })
  await service.remove()
})

test('two accounts send by one name, and each hears of its own texts alone', async () => {
  const mine = await serviceWith({ name: 'SHARED' })
  const theirs = await serviceWith({ name: 'SHARED' }, others)
  const to = british()
  const first = await sent({ messagingServiceSid: mine.sid, to, body: 'From one' })
  const second = await sent({ messagingServiceSid: theirs.sid, to, body: 'From the other' }, others)
  expect([first.status, second.status]).toEqual(['delivered', 'delivered'])
  expect(await seen(to)).toMatchObject([{ from: 'SHARED', body: 'From one', sid: first.sid }])
  const authorization = `Basic ${Buffer.from(`${OTHER_SID}:${OTHER_TOKEN}`).toString('base64')}`
  const path = `/simulator/phones/${encodeURIComponent(to)}/messages`
  const { body } = await house.ask('GET', path, undefined, { authorization })
  expect(body.records).toMatchObject([{ body: 'From the other', sid: second.sid }])
  await Promise.all([mine.remove(), theirs.remove()])
})

test('a name is given to a pool by our own API, and is the service’s alpha sender', async () => {
  const service = await serviceWith({ numbers: [PLAIN] })
  const path = `/v1/pools/${service.sid}/names`
  const { status, body } = await house.ask('POST', path, { name: 'ACME', carrier: 'simulator' })
  expect([status, body]).toEqual([201, { sid: expect.stringMatching(/^AI/), name: 'ACME', country: null }])
  const french = await house.ask('POST', path, { name: 'ACMEFR', country: 'FR' })
  expect((await house.ask('GET', path)).body.records).toEqual([body, french.body])
  expect(await service.alphaSenders.list()).toMatchObject([{ sid: body.sid, alphaSender: 'ACME' }])
  expect((await sent({ messagingServiceSid: service.sid, to: british(), body: 'Hello' })).from).toBe('ACME')
  expect(await house.ask('POST', path, { name: 'OTHER' })).toMatchObject({ status: 409, body: { code: 'in_use' } })
  expect(await house.ask('POST', path, { name: '12345' })).toMatchObject({ status: 400 })
  expect(await house.ask('POST', path, { name: 'X', country: 'DE', carrier: 'none' })).toMatchObject({ status: 404 })
  expect((await house.ask('DELETE', `${path}/${body.sid}`)).status).toBe(204)
  expect((await house.ask('DELETE', `${path}/${body.sid}`)).status).toBe(404)
  expect(await service.alphaSenders.list()).toEqual([])
  await service.remove()
})

test('a seed gives names to pools', async () => {
  const { sid } = (await house.ask('GET', '/v1/pools/Seeded')).body
  expect((await sent({ messagingServiceSid: sid, to: british(), body: 'Hello' })).from).toBe('SEEDED')
  expect((await sent({ messagingServiceSid: sid, to: '+33612345678', body: 'Salut' })).from).toBe('SEMES')
})

test.each([
  ['no name', '', 21708],
  ['a name of twelve letters', 'TwelveLetter', 21709],
  ['digits alone', '12345678', 21709],
  ['signs that carriers do not take', 'ACME!', 21709],
])('%s is refused', async (_, alphaSender, code) => {
  const service = await serviceWith({})
  expect(await refusalOf(service.alphaSenders.create({ alphaSender }))).toMatchObject({ status: 400, code })
  expect(await service.alphaSenders.list()).toEqual([])
  await service.remove()
})
