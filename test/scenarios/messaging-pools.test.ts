import twilio from 'twilio'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { watchContract } from '../support/contract-watch.ts'
import { refusalOf } from '../support/conversations-client.ts'
import { openContract } from '../support/openapi.ts'
import { numbersFrom } from '../support/pool-house.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

const contract = openContract('twilio_messaging_v1.json')
/** What this project serves of the contract; registering brands and campaigns is not. */
const SERVED = /^\w+ \/v1\/Services(?:\/\{\w+\}(?:\/(?:PhoneNumbers|ShortCodes|\w*AlphaSenders|ChannelSenders).*)?)?$/

const SHORT_CODE = '55501'
const UNKNOWN_SID = (prefix: string) => prefix + '0'.repeat(32)
const MANY = numbersFrom(7000, 450)
const [PLAIN, OTHER, THIRD, LOCAL, APP] = numbersFrom(1000, 5) as [string, string, string, string, string]
const BRITISH = '+447400111222'
const PERSON = '+12125550101'

let house: TestHouse
let client: TwilioClient
let app: CallbackApp
/** SIDs of numbers, by number. */
const sids = new Map<string, string>()

beforeAll(async () => {
  app = await openCallbackApp()
  house = await openTestHouse(
    seedOf([
      ...[PLAIN, OTHER, THIRD, LOCAL, APP].map(number => ({ number, smsUrl: `${app.url}/number` })),
      { number: BRITISH },
      { number: '+12125559000' },
      { number: SHORT_CODE, type: 'short_code', country: 'US' },
      ...MANY.map(number => ({ number })),
    ]),
  )
  client = clientOf(twilio, house)
  for (const { sid, phoneNumber } of await client.incomingPhoneNumbers.list()) sids.set(phoneNumber, sid)
  for (const { sid, shortCode } of await client.shortCodes.list()) sids.set(shortCode, sid)
})
afterAll(async () => {
  await house.close()
  await app.close()
})
beforeEach(() => {
  app.told.length = 0
})

/** A new service with these numbers. */
async function serviceWith(
  numbers: string[],
  settings: Partial<Parameters<TwilioClient['messaging']['v1']['services']['create']>[0]> = {},
) {
  const { sid, friendlyName } = await client.messaging.v1.services.create({ friendlyName: 'Service', ...settings })
  const service = Object.assign(client.messaging.v1.services(sid), { sid, friendlyName })
  for (const number of numbers) {
    const senderSid = sids.get(number) ?? ''
    if (number.startsWith('+')) await service.phoneNumbers.create({ phoneNumberSid: senderSid })
    else await service.shortCodes.create({ shortCodeSid: senderSid })
  }
  return service
}

async function send(messagingServiceSid: string, to: string, more: { statusCallback?: string } = {}) {
  const { sid } = await client.messages.create({ messagingServiceSid, to, body: 'Hello', ...more })
  await house.house.settled()
  return client.messages(sid).fetch()
}

describe.each(SDKS)('with %s', (name, sdk) => {
  test.skipIf(!contract)('every operation answers as the contract says', async ({ task }) => {
    const watched = clientOf(sdk, house)
    const watch = watchContract(watched, contract!, 'messaging')
    const services = watched.messaging.v1.services
    const made = await services.create({ friendlyName: 'All', usecase: 'notifications' })
    expect(await services.list({ limit: 100 })).toContainEqual(expect.objectContaining({ sid: made.sid }))
    const service = services(made.sid)
    expect(await service.fetch()).toMatchObject({ friendlyName: 'All', stickySender: true, usecase: 'notifications' })
    expect(await service.update({ friendlyName: 'Everything', validityPeriod: 60 })).toMatchObject({
      friendlyName: 'Everything',
      validityPeriod: 60,
      usecase: 'notifications',
    })

    const number = await service.phoneNumbers.create({ phoneNumberSid: sids.get(PLAIN)! })
    expect(number).toMatchObject({ phoneNumber: PLAIN, countryCode: 'US', capabilities: ['SMS', 'MMS'] })
    expect(await service.phoneNumbers.list()).toMatchObject([{ sid: number.sid }])
    expect(await service.phoneNumbers(number.sid).fetch()).toMatchObject({ phoneNumber: PLAIN })
    const code = await service.shortCodes.create({ shortCodeSid: sids.get(SHORT_CODE)! })
    expect(await service.shortCodes.list()).toMatchObject([{ shortCode: SHORT_CODE }])
    expect(await service.shortCodes(code.sid).fetch()).toMatchObject({ shortCode: SHORT_CODE, countryCode: 'US' })
    const alpha = await service.alphaSenders.create({ alphaSender: 'ACME' })
    expect(await service.alphaSenders.list()).toMatchObject([{ alphaSender: 'ACME' }])
    expect(await service.alphaSenders(alpha.sid).fetch()).toMatchObject({ alphaSender: 'ACME', capabilities: ['SMS'] })

    // Older releases of the SDK have no words for these.
    if ('destinationAlphaSenders' in service && 'channelSenders' in service) {
      const french = await service.destinationAlphaSenders.create({ alphaSender: 'ACMEFR', isoCountryCode: 'FR' })
      expect(await service.destinationAlphaSenders.list({ isoCountryCode: 'FR' })).toMatchObject([{ sid: french.sid }])
      expect(await service.destinationAlphaSenders.list({ isoCountryCode: 'DE' })).toEqual([])
      expect(await service.destinationAlphaSenders(french.sid).fetch()).toMatchObject({ isoCountryCode: 'FR' })
      expect(await service.destinationAlphaSenders(french.sid).remove()).toBe(true)
      const channel = UNKNOWN_SID('XE')
      await service.channelSenders.create({ sid: channel })
      expect(await service.channelSenders.list()).toMatchObject([{ sid: channel }])
      expect(await service.channelSenders(channel).fetch()).toMatchObject({ messagingServiceSid: made.sid })
      expect(await service.channelSenders(channel).remove()).toBe(true)
    }

    expect(await service.alphaSenders(alpha.sid).remove()).toBe(true)
    expect(await service.shortCodes(code.sid).remove()).toBe(true)
    expect(await service.phoneNumbers(number.sid).remove()).toBe(true)
    expect(await service.phoneNumbers.list()).toEqual([])
    expect(await service.remove()).toBe(true)
    expect(await refusalOf(service.fetch())).toMatchObject({ status: 404, code: 20404 })

    expect(watch.faults).toEqual([])
    const served = contract!.operations.filter(operation => SERVED.test(operation))
    if ('destinationAlphaSenders' in service) expect(served.filter(each => !watch.asked.has(each))).toEqual([])
    const count = `${watch.asked.size} of ${served.length} operations of senders and services`
    task.meta.says = `${count} in twilio_messaging_v1.json answer ${name} as it says`
  })
})

describe('a number', () => {
  test('is in one service, once', async () => {
    const first = await serviceWith([PLAIN])
    const second = await serviceWith([])
    const asked = { phoneNumberSid: sids.get(PLAIN)! }
    expect(await refusalOf(first.phoneNumbers.create(asked))).toMatchObject({ status: 409, code: 21710 })
    expect(await refusalOf(second.phoneNumbers.create(asked))).toMatchObject({ status: 409, code: 21712 })
    await first.remove()
    expect((await second.phoneNumbers.create(asked)).phoneNumber).toBe(PLAIN)
    await second.remove()
  })

  test('that is not ours, or no number, is not found', async () => {
    const service = await serviceWith([])
    const unknown = service.phoneNumbers.create({ phoneNumberSid: UNKNOWN_SID('PN') })
    expect(await refusalOf(unknown)).toMatchObject({ status: 404, code: 20404 })
    const code = service.phoneNumbers.create({ phoneNumberSid: sids.get(SHORT_CODE)!.replace('SC', 'PN') })
    expect(await refusalOf(code)).toMatchObject({ status: 404, code: 20404 })
  })
})

test('a service has no more numbers than the account allows', async () => {
  await house.ask('PATCH', '/v1/settings', { maxNumbersPerPool: 1 })
  const service = await serviceWith([PLAIN])
  const asked = service.phoneNumbers.create({ phoneNumberSid: sids.get(OTHER)! })
  expect(await refusalOf(asked)).toMatchObject({ status: 400, code: 21714 })
  expect(await refusalOf(service.shortCodes.create({ shortCodeSid: sids.get(SHORT_CODE)! }))).toMatchObject({
    code: 21714,
  })
  expect(await service.phoneNumbers.list()).toHaveLength(1)
  const pool = await house.ask('POST', '/v1/pools', { name: 'Too many', numbers: [OTHER, THIRD] })
  expect(pool).toMatchObject({ status: 409, body: { code: 'pool_full' } })
  await house.ask('PATCH', '/v1/settings', { maxNumbersPerPool: null })
  await service.phoneNumbers.create({ phoneNumberSid: sids.get(OTHER)! })
  await service.remove()
})

describe('a service', () => {
  test('is the pool of the same name, and may share its name with another', async () => {
    const first = await serviceWith([], { friendlyName: 'Twins' })
    const second = await serviceWith([], { friendlyName: 'Twins' })
    expect(second.friendlyName).toBe('Twins')
    const { body } = await house.ask('GET', '/v1/pools/Twins')
    expect(body.sid).toBe(first.sid)
    expect(await second.update({ friendlyName: 'Alone' })).toMatchObject({ friendlyName: 'Alone' })
    expect((await house.ask('GET', '/v1/pools/Alone')).body.sid).toBe(second.sid)
  })

  test('has the name that its pool is given, also when it shared one before', async () => {
    await serviceWith([], { friendlyName: 'Shared' })
    const second = await serviceWith([], { friendlyName: 'Shared' })
    await house.ask('PATCH', `/v1/pools/${second.sid}`, { name: 'Own' })
    expect(await second.fetch()).toMatchObject({ friendlyName: 'Own' })
  })

  test('keeps what several programs change of it at once', async () => {
    const service = await serviceWith([])
    const changes = { usecase: 'poll', mmsConverter: false, scanMessageContent: 'disable', fallbackToLongCode: false }
    await Promise.all(Object.entries(changes).map(([name, value]) => service.update({ [name]: value })))
    expect(await service.fetch()).toMatchObject(changes)
  })

  test.each([
    [{ friendlyName: '' }, 20001],
    [{ friendlyName: 'A', inboundRequestUrl: 'no url' }, 21402],
    [{ friendlyName: 'A', inboundMethod: 'PUT' }, 21403],
    [{ friendlyName: 'A', validityPeriod: 0 }, 21624],
    [{ friendlyName: 'A', validityPeriod: 36_001 }, 21624],
    [{ friendlyName: 'A', usecase: 'gossip' }, 21713],
  ])('made of %j is refused with %i', async (asked, code) => {
    const refusal = await refusalOf(client.messaging.v1.services.create(asked as { friendlyName: string }))
    expect(refusal).toMatchObject({ status: 400, code })
  })

  test('holds more than 400 numbers, and lists them in pages', async () => {
    const service = await serviceWith([])
    const last = MANY.slice(-2)
    await house.ask('POST', `/v1/pools/${service.sid}/numbers`, { numbers: MANY.slice(0, -2) })
    for (const number of last) await service.phoneNumbers.create({ phoneNumberSid: sids.get(number)! })
    const listed = await service.phoneNumbers.list({ pageSize: 100 })
    expect(new Set(listed.map(({ phoneNumber }) => phoneNumber)).size).toBe(MANY.length)
    const sent = await send(service.sid, PERSON)
    expect(MANY).toContain(sent.from)
    await service.remove()
  })

  test('that is unknown, or has no number, sends nothing', async () => {
    const empty = await serviceWith([])
    expect(await refusalOf(send(empty.sid, PERSON))).toMatchObject({ status: 400, code: 21704 })
    expect(await refusalOf(send(UNKNOWN_SID('MG'), PERSON))).toMatchObject({ status: 400, code: 21701 })
    const stranger = client.messages.create({ messagingServiceSid: empty.sid, from: PLAIN, to: PERSON, body: 'Hello' })
    expect(await refusalOf(stranger)).toMatchObject({ status: 400 })
  })
})

describe('the sender of a text', () => {
  test('is the short code in its country, and a number elsewhere', async () => {
    const service = await serviceWith([PLAIN, SHORT_CODE])
    expect((await send(service.sid, '+12125550111')).from).toBe(SHORT_CODE)
    expect((await send(service.sid, '+33612345678')).from).toBe(PLAIN)
    await service.remove()
  })

  test('is of the area code, else of the country of its receiver', async () => {
    const service = await serviceWith([PLAIN, BRITISH, '+12125559000'])
    expect((await send(service.sid, '+12125550121')).from).toBe('+12125559000')
    expect((await send(service.sid, '+447400999888')).from).toBe(BRITISH)
    await service.remove()
  })

  test('stays the same for a person until it leaves the service', async () => {
    const service = await serviceWith([OTHER])
    const to = '+13105550131'
    expect((await send(service.sid, to)).from).toBe(OTHER)
    for (const number of [PLAIN, THIRD, LOCAL]) await service.phoneNumbers.create({ phoneNumberSid: sids.get(number)! })
    for (let at = 0; at < 3; at++) expect((await send(service.sid, to)).from).toBe(OTHER)
    await client.messaging.v1.services(service.sid).phoneNumbers(sids.get(OTHER)!).remove()
    expect((await send(service.sid, to)).from).not.toBe(OTHER)
    await service.remove()
  })
})

describe('the app of a service', () => {
  const from = '+13105550141'

  async function heardBy(settings: Parameters<typeof serviceWith>[1]) {
    const service = await serviceWith([APP], settings)
    const sid = await house.text(from, APP, 'Hi')
    await house.house.settled()
    const told = app.told.map(({ path, parameters }) => [path, parameters.MessagingServiceSid])
    const logged = await client.messages(sid).fetch()
    await service.remove()
    return { service: service.sid, told, logged }
  }

  test("is told of texts instead of the number's own", async () => {
    const { told, service } = await heardBy({ inboundRequestUrl: `${app.url}/service` })
    expect(told).toEqual([['/service', service]])
  })

  test("gives way to the number's own where the service says so", async () => {
    const settings = { inboundRequestUrl: `${app.url}/service`, useInboundWebhookOnNumber: true }
    const { told, service } = await heardBy(settings)
    expect(told).toEqual([['/number', service]])
  })

  test('has a fallback that is asked when it fails', async () => {
    const settings = { inboundRequestUrl: 'http://127.0.0.1:1/gone', fallbackUrl: `${app.url}/fallback` }
    const service = await serviceWith([APP], settings)
    await house.text(from, APP, 'Hi')
    await expect.poll(() => app.told.map(({ path }) => path)).toEqual(['/fallback'])
    expect(app.told[0]?.parameters.MessagingServiceSid).toBe(service.sid)
    await service.remove()
  })

  test('may be none: then nobody is told, and the text is in the log', async () => {
    const { told, service, logged } = await heardBy({})
    expect(told).toEqual([])
    expect(logged).toMatchObject({ status: 'received', body: 'Hi', messagingServiceSid: service })
  })

  test('is told how texts fare, by the service unless the text says where', async () => {
    const service = await serviceWith([APP], { statusCallback: `${app.url}/fate` })
    await send(service.sid, from)
    await expect.poll(() => app.told.some(({ parameters }) => parameters.MessageStatus === 'delivered')).toBe(true)
    expect(
      app.told.every(({ path, parameters, isSigned }) => {
        return isSigned && path === '/fate' && parameters.MessagingServiceSid === service.sid
      }),
    ).toBe(true)
    await service.remove()
  })
})

test('a text is valid for as long as its service says', async () => {
  const service = await serviceWith([APP], { validityPeriod: 60 })
  const to = '+13105550161'
  await house.ask('PUT', '/simulator/faults', { number: to, retry: { after: 'PT30S' } })
  const { sid } = await client.messages.create({ messagingServiceSid: service.sid, to, body: 'Soon' })
  for (let at = 0; at < 4; at++) await house.advance('PT31S')
  await expect.poll(async () => (await client.messages(sid).fetch()).status).toBe('failed')
  await house.ask('DELETE', '/simulator/faults')
  await service.remove()
})

describe('a person who says stop', () => {
  test('is texted by no number of the service, until they say start', async () => {
    const service = await serviceWith([PLAIN, OTHER])
    const person = '+13105550151'
    await house.text(person, PLAIN, 'STOP')
    expect(await refusalOf(send(service.sid, person))).toMatchObject({ status: 400, code: 21610 })
    expect(await refusalOf(client.messages.create({ from: OTHER, to: person, body: 'Hello' }))).toMatchObject({
      code: 21610,
    })
    await house.text(person, OTHER, 'START')
    expect((await send(service.sid, person)).messagingServiceSid).toBe(service.sid)
    await service.remove()
  })
})
