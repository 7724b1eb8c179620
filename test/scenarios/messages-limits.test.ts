import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const [PLAIN, MUTE, WORDS, ANSWERS, BUSY] = [
  '+15550001000',
  '+15550001001',
  '+15550001002',
  '+15550001003',
  '+15550001004',
]
const TEN = '+15550001010'
const [AMERICAN, BRITISH] = ['+15557770001', '+447400999001']
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`
const NO_LIMITS = { allowedCountries: null, allowedPhones: null, maxQueuedPerNumber: null, maxNumbersPerPool: null }
const FILE = 'https://media.example/cat.png'

let house: TestHouse
let app: CallbackApp
const services: Record<string, string> = {}

beforeAll(async () => {
  app = await openCallbackApp(({ path, parameters }) => {
    if (path === '/ten') return `<Response>${'<Message>One of ten</Message>'.repeat(10)}</Response>`
    if (path !== '/sms') return ''
    return `<Response><Message to="${parameters.Body}">From the app</Message></Response>`
  })
  house = await openTestHouse(
    seedOf([
      { number: PLAIN },
      { number: MUTE, capabilities: { sms: false, mms: false } },
      { number: WORDS, capabilities: { mms: false } },
      { number: ANSWERS, smsUrl: `${app.url}/sms` },
      { number: BUSY },
      { number: TEN, smsUrl: `${app.url}/ten` },
    ]),
  )
  services.empty = await serviceOf([])
  services.words = await serviceOf([WORDS])
  services.busy = await serviceOf([BUSY])
  services.named = await serviceOf([])
  const named = `/messaging/v1/Services/${services.named}/AlphaSenders`
  expect((await house.ask('POST', named, new URLSearchParams({ AlphaSender: 'ACME' }))).status).toBe(201)
  const masks = await house.ask('POST', '/proxy/v1/Services', new URLSearchParams({ UniqueName: 'masks' }))
  services.masking = masks.body.sid.replace('KS', 'MG')
})
afterAll(async () => {
  await house.close()
  await app.close()
})
beforeEach(() => {
  app.told.length = 0
})
afterEach(async () => {
  await house.ask('PATCH', '/v1/settings', NO_LIMITS)
})

async function serviceOf(numbers: string[]): Promise<string> {
  const { body } = await house.ask('POST', '/messaging/v1/Services', new URLSearchParams({ FriendlyName: 'Service' }))
  for (const number of numbers) expect((await add(body.sid, number)).status).toBe(201)
  return body.sid
}

async function add(service: string, number: string) {
  const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(number)}`
  const { sid } = (await house.ask('GET', path)).body.incoming_phone_numbers[0]
  const form = new URLSearchParams({ PhoneNumberSid: sid })
  return house.ask('POST', `/messaging/v1/Services/${service}/PhoneNumbers`, form)
}

const set = (settings: object) => house.ask('PATCH', '/v1/settings', settings)
const send = (form: Record<string, string>) => house.ask('POST', MESSAGES, new URLSearchParams({ Body: 'x', ...form }))

async function logged(): Promise<{ sid: string }[]> {
  return (await house.ask('GET', `${MESSAGES}?PageSize=1000`)).body.messages
}

/** What became of a text that was taken. */
async function fateOf(sid: string) {
  const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}.json`
  const { body } = await house.ask('GET', path)
  return [body.status, body.error_code]
}

describe('a message is refused', () => {
  test.each([
    [21408, 'to a country that the account does not text', { allowedCountries: ['US'] }, { From: PLAIN, To: BRITISH }],
    [21608, 'to a phone that the account does not text', { allowedPhones: [AMERICAN] }, { From: PLAIN, To: BRITISH }],
    [21614, 'to a number of ours that cannot be texted', {}, { From: PLAIN, To: MUTE }],
    [21601, 'from a number that cannot text', {}, { From: MUTE, To: AMERICAN }],
    [21621, 'with a file from a number that cannot send any', {}, { From: WORDS, To: AMERICAN, MediaUrl: FILE }],
    [21621, 'with a file from a name', {}, { From: 'ACME', To: BRITISH, MediaUrl: FILE }],
    [21612, 'from a name to a country that takes none', {}, { From: 'ACME', To: AMERICAN }],
    [21702, 'through a service that masks', {}, { Service: 'masking', To: AMERICAN }],
    [21703, 'with a file through a service whose numbers cannot send any', {}, { Service: 'words', MediaUrl: FILE }],
    [21703, 'to the only number of its service', {}, { Service: 'words', To: WORDS }],
    [21703, 'through a service that has but a name that is not taken there', {}, { Service: 'named', To: AMERICAN }],
    [21704, 'through a service that has no sender', {}, { Service: 'empty', To: AMERICAN }],
    [21711, 'through a service from a number of another', {}, { Service: 'words', From: PLAIN, To: AMERICAN }],
  ] as [number, string, object, Record<string, string>][])('with %i %s', async (code, _why, settings, asked) => {
    expect((await set(settings)).status).toBe(200)
    const { Service, ...form } = asked
    const before = await logged()
    const answer = await send({
      To: AMERICAN,
      ...form,
      ...(Service && { MessagingServiceSid: services[Service] ?? '' }),
    })
    expect(answer).toMatchObject({ status: 400, body: { code, status: 400, message: expect.stringMatching(/\w/) } })
    expect(await logged()).toEqual(before)
  })

  test('with 21611 when too many wait on its number, and through a service it fails with 30001', async () => {
    await house.ask('PUT', '/simulator/faults', { number: BUSY, retry: { after: 'PT10M' } })
    await set({ maxQueuedPerNumber: 2 })
    const asked = { From: BUSY, To: AMERICAN }
    for (let at = 0; at < 2; at++) expect((await send(asked)).status).toBe(201)
    expect(await send(asked)).toMatchObject({ status: 400, body: { code: 21611 } })
    const through = await send({
      MessagingServiceSid: services.busy!,
      To: AMERICAN,
      StatusCallback: `${app.url}/fate`,
      ContentRetention: 'discard',
    })
    expect(through).toMatchObject({ status: 201, body: { status: 'accepted', body: '' } })
    expect(await fateOf(through.body.sid)).toEqual(['failed', 30001])
    await expect.poll(() => app.statusesOf(through.body.sid)).toEqual(['failed'])
    expect(app.told[0]?.parameters.ErrorCode).toBe('30001')
    expect((await send({ From: PLAIN, To: AMERICAN })).status).toBe(201)
    await house.ask('DELETE', '/simulator/faults')
    await house.advance('PT11M')
    await house.house.settled()
    expect((await send(asked)).status).toBe(201)
  })
})

describe('the replies of apps', () => {
  const person = '+15557770107'
  const ask = async (times: number) => {
    for (let at = 0; at < times; at++) await house.text(person, TEN, 'Ten, please')
    await house.house.settled()
    const { body } = await house.ask('GET', `/v1/calls?person=${encodeURIComponent(person)}&limit=${times}`)
    const replies = (await house.phone(person)).filter(text => text.body === 'One of ten')
    return { replies: replies.length, codes: body.records.map(warningsOf).reverse() }
  }
  const warningsOf = ({ warnings }: { warnings: { code: number }[] | null }) => warnings?.map(({ code }) => code) ?? []

  test('are as many to one person within 30 s as the account says, and those after are dropped with 14107', async () => {
    await set({ maxRepliesIn30s: 15 })
    expect(await ask(3)).toEqual({ replies: 15, codes: [[], Array(5).fill(14107), Array(10).fill(14107)] })
    await house.advance('PT31S')
    expect(await ask(1)).toEqual({ replies: 25, codes: [[]] })
  })

  test('have no limit unless it says so', async () => {
    await house.advance('PT31S')
    await set({ maxRepliesIn30s: null })
    expect(await ask(2)).toMatchObject({ replies: 45 })
    await house.advance('PT31S')
    await set({ maxRepliesIn30s: 3 })
    expect(await ask(1)).toEqual({ replies: 48, codes: [Array(7).fill(14107)] })
    expect((await set({ maxRepliesIn30s: 15 })).body).toMatchObject({ maxRepliesIn30s: 15 })
  })
})

describe('what an account does not text', () => {
  test('is reached through no other door: an app’s answer', async () => {
    await set({ allowedCountries: ['US'] })
    await house.text(AMERICAN, ANSWERS, BRITISH)
    await house.house.settled()
    const { body } = await house.ask('GET', '/v1/calls')
    expect(body.records[0].warnings).toMatchObject([{ code: 21408 }])
    expect((await house.phone(BRITISH)).filter(text => text.body === 'From the app')).toEqual([])
  })

  test('is no number’s own app: it does not text itself', async () => {
    const before = (await logged()).length
    await house.text(AMERICAN, ANSWERS, ANSWERS)
    await house.house.settled()
    const { body } = await house.ask('GET', '/v1/calls')
    expect(body.records[0].warnings).toMatchObject([{ code: 21266 }])
    expect((await logged()).length).toBe(before + 1)
  })

  test('is reached through no other door: a conversation', async () => {
    const person = '+447400999002'
    const { body } = await house.ask('POST', '/conversations/v1/Conversations', new URLSearchParams())
    const path = `/conversations/v1/Conversations/${body.sid}`
    const binding = { 'MessagingBinding.Address': person, 'MessagingBinding.ProxyAddress': PLAIN }
    expect((await house.ask('POST', `${path}/Participants`, new URLSearchParams(binding))).status).toBe(201)
    await set({ allowedCountries: ['US'] })
    const said = await house.ask('POST', `${path}/Messages`, new URLSearchParams({ Body: 'Hello' }))
    await house.house.settled()
    expect(await house.phone(person)).toEqual([])
    const receipts = await house.ask('GET', `${path}/Messages/${said.body.sid}/Receipts`)
    expect(receipts.body.delivery_receipts).toMatchObject([{ status: 'failed', error_code: 21408 }])
  })

  test('is reached through no other door: a text that waits for its hour', async () => {
    const { body } = await house.ask('GET', '/simulator/clock')
    const SendAt = new Date(Date.parse(body.now) + 600_000).toISOString()
    const asked = { MessagingServiceSid: services.words!, ScheduleType: 'fixed', SendAt, To: BRITISH }
    const { sid } = (await send(asked)).body
    await set({ allowedCountries: ['US'] })
    await house.advance('PT11M')
    await house.house.settled()
    expect(await fateOf(sid)).toEqual(['failed', 21408])
  })
})

describe('what a number can do', () => {
  const able = (number: string, capabilities: object) =>
    house.ask('PATCH', `/v1/numbers/${encodeURIComponent(number)}`, { capabilities })

  test('is said by its owner, shown to programs, and counts at once', async () => {
    expect((await able(PLAIN, { mms: false })).status).toBe(204)
    const { body } = await house.ask('GET', '/v1/numbers')
    const record = body.records.find((each: { number: string }) => each.number === PLAIN)
    expect(record.capabilities).toEqual({ voice: false, sms: true, mms: false, fax: false })
    const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/IncomingPhoneNumbers.json?PhoneNumber=%2B15550001000`
    const shown = (await house.ask('GET', path)).body.incoming_phone_numbers[0]
    expect(shown.capabilities).toEqual(record.capabilities)
    expect(await send({ From: PLAIN, To: AMERICAN, MediaUrl: FILE })).toMatchObject({ body: { code: 21621 } })
    expect((await able(PLAIN, { mms: true })).status).toBe(204)
    expect((await send({ From: PLAIN, To: AMERICAN, MediaUrl: FILE })).status).toBe(201)
  })

  test('is not said of a number of nobody, nor in words that mean nothing', async () => {
    expect(await able('+15559999999', { mms: false })).toMatchObject({ status: 404, body: { code: 'number_unknown' } })
    expect((await able(PLAIN, { mms: 'no' })).status).toBe(400)
    expect((await able(PLAIN, { texts: false })).status).toBe(400)
  })

  test('counts for a conversation too: what it says from a number that cannot text fails', async () => {
    const person = '+15557770055'
    const { body } = await house.ask('POST', '/conversations/v1/Conversations', new URLSearchParams())
    const path = `/conversations/v1/Conversations/${body.sid}`
    const binding = { 'MessagingBinding.Address': person, 'MessagingBinding.ProxyAddress': PLAIN }
    expect((await house.ask('POST', `${path}/Participants`, new URLSearchParams(binding))).status).toBe(201)
    expect((await able(PLAIN, { sms: false })).status).toBe(204)
    const said = await house.ask('POST', `${path}/Messages`, new URLSearchParams({ Body: 'Hello' }))
    await house.house.settled()
    expect(await house.phone(person)).toEqual([])
    const receipts = await house.ask('GET', `${path}/Messages/${said.body.sid}/Receipts`)
    expect(receipts.body.delivery_receipts).toMatchObject([{ status: 'failed', error_code: 21601 }])
    expect((await able(PLAIN, { sms: true })).status).toBe(204)
  })

  test('keeps a number that cannot text out of services', async () => {
    expect(await add(services.empty!, MUTE)).toMatchObject({ status: 400, body: { code: 21715 } })
  })
})

describe('settings', () => {
  test.each([
    { allowedCountries: 'US' },
    { allowedCountries: ['usa'] },
    { allowedPhones: ['911'] },
    { maxQueuedPerNumber: 0 },
    { maxNumbersPerPool: 1.5 },
    { maxNumbersPerService: 4 },
  ])('%j mean nothing and change nothing', async settings => {
    expect((await set(settings)).status).toBe(400)
    expect((await house.ask('GET', '/v1/settings')).body).toMatchObject(NO_LIMITS)
  })
})
