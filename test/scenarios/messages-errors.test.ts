import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const BLOCKED = '+15557770002'
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`
const MESSAGES = `${ACCOUNT}/Messages.json`
const NOBODY = '0'.repeat(32)
const GOOD = { From: NUMBER, To: PHONE, Body: 'x' }
const LONG_URL = `https://app.example/${'x'.repeat(4096)}`

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
  await house.text(BLOCKED, NUMBER, 'STOP')
})
afterAll(() => house.close())

function post(path: string, parameters: Record<string, string | string[] | undefined>) {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of value === undefined ? [] : [value].flat()) form.append(name, each)
  }
  return house.ask('POST', path, form)
}

async function sids(): Promise<string[]> {
  const { body } = await house.ask('GET', MESSAGES)
  return body.messages.map((message: { sid: string }) => message.sid)
}

const eleven = Array.from({ length: 11 }, (_, at) => `https://media.example/${at}.png`)

describe('a message is refused', () => {
  it.each([
    [21604, 'without a recipient', { To: undefined }],
    [21604, 'with an empty recipient', { To: '' }],
    [21211, 'to what is no number', { To: 'nobody' }],
    [21211, 'to a number without its country', { To: '5557770001' }],
    [21211, 'to a number of no country', { To: '+0015557770001' }],
    [21211, 'to what is too long for a short code and has no plus', { To: '5557001' }],
    [21211, 'to a name', { To: 'ACME Corp' }],
    [21612, 'to a channel that texts do not reach', { To: 'whatsapp:+15557770001' }],
    [21603, 'without a sender', { From: undefined }],
    [21212, 'from what is no sender', { From: '+1?' }],
    [21606, 'from a number of nobody', { From: '+15559999999' }],
    [21606, 'from a name that is not registered', { From: 'ACME' }],
    [21266, 'to its own sender', { To: NUMBER }],
    [21602, 'without a body', { Body: undefined }],
    [21602, 'with an empty body', { Body: '' }],
    [21617, 'with a body of 1,601 characters', { Body: 'x'.repeat(1601) }],
    [21620, 'with a file that no URL names', { MediaUrl: 'photo.png' }],
    [21620, 'with a file that is not on the web', { MediaUrl: 'file:///etc/passwd' }],
    [21623, 'with eleven files', { MediaUrl: eleven }],
    [21609, 'with a callback that is no URL', { StatusCallback: 'callback' }],
    [21658, 'with a callback of more than 4,096 characters', { StatusCallback: LONG_URL }],
    [21658, 'with a file whose URL has more than 4,096 characters', { MediaUrl: LONG_URL }],
    [21624, 'with a validity of no time', { ValidityPeriod: '0' }],
    [21624, 'with a validity of more than ten hours', { ValidityPeriod: '36001' }],
    [21624, 'with a validity that is no number', { ValidityPeriod: 'soon' }],
    [21627, 'with a price that is no number', { MaxPrice: 'cheap' }],
    [30029, 'with a retention of content that does not exist', { ContentRetention: 'burn' }],
    [30030, 'with a retention of addresses that does not exist', { AddressRetention: 'burn' }],
    [21218, 'under what is no application', { ApplicationSid: 'PN1' }],
    [21655, 'with a template that does not exist', { Body: undefined, ContentSid: `HX${NOBODY}` }],
    [21654, 'with variables of no template', { ContentVariables: '{"1":"a"}' }],
    [21656, 'with variables that are no JSON', { ContentSid: `HX${NOBODY}`, ContentVariables: '{1' }],
    [21701, 'through a service that does not exist', { From: undefined, MessagingServiceSid: `MG${NOBODY}` }],
    [21705, 'through what is no service', { From: undefined, MessagingServiceSid: 'mine' }],
    [21619, 'through a service without a body', { From: undefined, MessagingServiceSid: `MG${NOBODY}`, Body: '' }],
    [21701, 'with a service in place of the sender that does not exist', { From: `MG${NOBODY}` }],
    [35111, 'on a schedule without an hour', { MessagingServiceSid: `MG${NOBODY}`, ScheduleType: 'fixed' }],
    [
      35114,
      'for an hour that has passed',
      { MessagingServiceSid: `MG${NOBODY}`, ScheduleType: 'fixed', SendAt: '2020-01-01T00:00:00Z' },
    ],
    [
      35114,
      'for an hour that is more than 35 days away',
      { MessagingServiceSid: `MG${NOBODY}`, ScheduleType: 'fixed', SendAt: '2999-01-01T00:00:00Z' },
    ],
    [35114, 'for what is no hour', { MessagingServiceSid: `MG${NOBODY}`, SendAt: 'tomorrow' }],
    [21610, 'to a person who said stop', { To: BLOCKED }],
  ])('with %i %s', async (code, _why, parameters) => {
    const before = await sids()
    const answer = await post(MESSAGES, { ...GOOD, ...parameters })
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      code,
      message: expect.stringMatching(/\w/),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status: 400,
    })
    expect(await sids()).toEqual(before)
  })

  it('in the words that programs look for', async () => {
    const messageOf = async (parameters: Record<string, string | undefined>) =>
      (await post(MESSAGES, { ...GOOD, ...parameters })).body.message
    expect(await messageOf({ To: 'nobody' })).toBe("The 'To' number nobody is not a valid phone number.")
    expect(await messageOf({ To: undefined })).toBe("A 'To' phone number is required.")
    expect(await messageOf({ From: undefined })).toBe("A 'From' phone number is required.")
    expect(await messageOf({ Body: undefined })).toBe('Message body is required.')
    expect(await messageOf({ To: BLOCKED })).toBe('Attempt to send to unsubscribed recipient')
    expect(await messageOf({ From: '+15559999999' })).toContain("The 'From' phone number provided (+15559999999)")
  })
})

describe('a message is taken', () => {
  it('with every parameter that has no effect here, and with names that nobody knows', async () => {
    const answer = await post(MESSAGES, {
      ...GOOD,
      MaxPrice: '5e-2',
      Attempt: '2',
      ForceDelivery: 'True',
      TrafficType: 'free',
      PersistentAction: ['geo:1,2|here', 'x'],
      ShortenUrls: 'false',
      SendAsMms: 'false',
      RiskCheck: 'disable',
      FallbackFrom: '+15550001001',
      MessageIntent: 'otp',
      Tags: '{"a":"b"}',
      Nonsense: 'yes',
      StatusCallback: '',
      MessagingServiceSid: '',
      ValidityPeriod: '',
    })
    expect(answer).toMatchObject({ status: 201, body: { status: 'queued' } })
  })

  it('at once, when it is scheduled without a service', async () => {
    const answer = await post(MESSAGES, { ...GOOD, ScheduleType: 'fixed', SendAt: '2999-01-01T00:00:00Z' })
    expect(answer).toMatchObject({ status: 201, body: { status: 'queued', from: NUMBER } })
  })

  it('with a plus sign that was not escaped, spaces and dashes in its numbers', async () => {
    const answer = await house.ask('POST', MESSAGES, 'To=+1 (555) 777-0001&From=+15550001000&Body=x', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(answer).toMatchObject({ status: 201, body: { to: PHONE, from: NUMBER } })
  })

  it('with JSON, in which a null is no value', async () => {
    const answer = await house.ask('POST', MESSAGES, { ...GOOD, StatusCallback: null, MediaUrl: null })
    expect(answer).toMatchObject({ status: 201, body: { num_media: '0' } })
  })

  it('with 1,600 characters, counted in segments', async () => {
    const latin = await post(MESSAGES, { ...GOOD, Body: 'x'.repeat(1600) })
    expect(latin).toMatchObject({ status: 201, body: { num_segments: '11' } })
    const smart = await post(MESSAGES, { ...GOOD, Body: `“${'x'.repeat(100)}”`, SmartEncoded: 'TRUE' })
    expect(smart.body).toMatchObject({ num_segments: '1', body: `"${'x'.repeat(100)}"` })
    const plain = await post(MESSAGES, { ...GOOD, Body: `“${'x'.repeat(100)}”` })
    expect(plain.body).toMatchObject({ num_segments: '2' })
  })
})

describe('a resource that is not there', () => {
  it.each([
    ['GET', `/Messages/SM${NOBODY}.json`],
    ['POST', `/Messages/SM${NOBODY}.json`],
    ['DELETE', `/Messages/SM${NOBODY}.json`],
    ['GET', `/Messages/nonsense.json`],
    ['GET', `/Messages/PN${NOBODY}.json`],
    ['GET', `/Messages/${'x'.repeat(2000)}.json`],
    ['GET', `/Messages/SM${NOBODY}.xml`],
    ['GET', `/Messages.xml`],
    ['GET', `/Messages/SM${NOBODY}/Media.json`],
    ['GET', `/Messages/SM${NOBODY}/Media/ME${NOBODY}.json`],
    ['GET', `/Messages/SM${NOBODY}/Media/ME${NOBODY}`],
    ['DELETE', `/Messages/SM${NOBODY}/Media/ME${NOBODY}.json`],
    ['POST', `/Messages/SM${NOBODY}/Feedback.json`],
    ['GET', `/Nothing.json`],
  ])('is 20404 to %s %s, by its whole path', async (method, path) => {
    const answer = await house.ask(method, ACCOUNT + path, method === 'POST' ? new URLSearchParams() : undefined)
    expect(answer).toMatchObject({
      status: 404,
      body: { code: 20404, status: 404, message: `The requested resource ${ACCOUNT}${path} was not found` },
    })
  })

  it('is 405 by a method that it does not know', async () => {
    const answer = await house.ask('PUT', MESSAGES, new URLSearchParams())
    expect(answer).toMatchObject({ status: 405, body: { code: 20004, status: 405 } })
    expect((await house.ask('DELETE', MESSAGES)).status).toBe(405)
  })
})

describe('a message that is there', () => {
  const instance = (sid: string) => `${ACCOUNT}/Messages/${sid}.json`

  it('is not deleted while it is under way, nor canceled when it is not scheduled', async () => {
    await house.ask('PUT', '/simulator/faults', { number: '+15557770003', dropReceipts: true })
    const { body } = await post(MESSAGES, { ...GOOD, To: '+15557770003' })
    await house.house.settled()
    expect(await house.ask('DELETE', instance(body.sid))).toMatchObject({ status: 409, body: { code: 20009 } })
    expect(await post(instance(body.sid), { Status: 'canceled' })).toMatchObject({
      status: 400,
      body: { code: 30409 },
    })
  })

  it('keeps its body when it is asked to be both redacted and canceled, and cannot be canceled', async () => {
    const { body } = await post(MESSAGES, GOOD)
    expect(await post(instance(body.sid), { Body: '', Status: 'canceled' })).toMatchObject({ body: { code: 30409 } })
    expect(await house.ask('GET', instance(body.sid))).toMatchObject({ body: { body: 'x' } })
  })

  it('is not given another body or status, and stays as it is when nothing is asked', async () => {
    const { body } = await post(MESSAGES, GOOD)
    expect(await post(instance(body.sid), { Body: 'other' })).toMatchObject({ status: 400, body: { code: 20001 } })
    expect(await post(instance(body.sid), { Status: 'sent' })).toMatchObject({ status: 400, body: { code: 20001 } })
    expect(await post(instance(body.sid), {})).toMatchObject({ status: 200, body: { sid: body.sid, body: 'x' } })
  })
})
