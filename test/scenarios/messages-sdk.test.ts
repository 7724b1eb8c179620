import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openContract } from '../support/openapi.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS, type TwilioClient } from '../support/twilio-sdk.ts'

const NUMBER = '+15550001000'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`
const contract = openContract('twilio_api_v2010.json')

describe.each(SDKS)('a program written for %s', (name, sdk) => {
  const phone = `+155577700${name.at(-1)}0`
  let house: TestHouse
  let client: TwilioClient

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    client = clientOf(sdk, house)
  })
  afterAll(() => house.close())

  /** Receipts follow within a second of the world's time. */
  async function settle(): Promise<void> {
    await house.house.settled()
    await house.advance('PT1S')
  }

  async function sendToEnd(body: string, to = phone): Promise<string> {
    const { sid } = await client.messages.create({ from: NUMBER, to, body })
    await settle()
    return sid
  }

  it('sends a text, which reaches the phone and comes to be delivered', async () => {
    const sent = await client.messages.create({ from: NUMBER, to: phone, body: 'Hello there' })
    expect(sent).toMatchObject({
      status: 'queued',
      from: NUMBER,
      to: phone,
      body: 'Hello there',
      numSegments: '1',
      numMedia: '0',
      direction: 'outbound-api',
      accountSid: ACCOUNT_SID,
      errorCode: null,
      dateSent: null,
      messagingServiceSid: null,
    })
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/)
    await settle()
    expect(await house.phone(phone)).toMatchObject([{ from: NUMBER, body: 'Hello there', sid: sent.sid }])
    const fetched = await client.messages(sent.sid).fetch()
    expect(fetched.status).toBe('delivered')
    expect(fetched.dateSent).toBeInstanceOf(Date)
  })

  it('lists what was sent and received, newest first, also by the day since when', async () => {
    const person = `+155577701${name.at(-1)}0`
    await sendToEnd('first', person)
    await house.text(person, NUMBER, 'second')
    await sendToEnd('third', person)
    const today = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), new Date().getUTCDate()))
    const sent = await client.messages.list({ to: person, dateSentAfter: today })
    expect(sent.map(message => message.body)).toEqual(['third', 'first'])
    const received = await client.messages.list({ from: person })
    expect(received.map(message => [message.body, message.direction, message.status])).toEqual([
      ['second', 'inbound', 'received'],
    ])
    const later = new Date(today.getTime() + 2 * 24 * 3_600_000)
    expect(await client.messages.list({ to: person, dateSentAfter: later })).toEqual([])
    expect(await client.messages.list({ to: person, dateSentBefore: later })).toHaveLength(2)
    expect(await client.messages.list({ to: person, from: NUMBER, limit: 1 })).toHaveLength(1)
  })

  it('redacts a text: its body is gone, the rest stays', async () => {
    const sid = await sendToEnd('a secret')
    const redacted = await client.messages(sid).update({ body: '' })
    expect(redacted).toMatchObject({ sid, body: '', to: phone })
    expect((await client.messages(sid).fetch()).body).toBe('')
  })

  it('deletes a text, which is then found nowhere', async () => {
    const sid = await sendToEnd('to be deleted')
    expect(await client.messages(sid).remove()).toBe(true)
    await expect(client.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
    expect((await client.messages.list({ to: phone })).map(message => message.sid)).not.toContain(sid)
    await expect(client.messages(sid).remove()).rejects.toMatchObject({ status: 404 })
  })

  it('says whether a text had its effect', async () => {
    const { sid } = await client.messages.create({ from: NUMBER, to: phone, body: 'code', provideFeedback: true })
    const feedback = await client.messages(sid).feedback.create({ outcome: 'confirmed' })
    expect(feedback).toMatchObject({ messageSid: sid, outcome: 'confirmed' })
  })

  it('catches an error that tells its code, status and where to read more', async () => {
    const refused = client.messages.create({ from: NUMBER, to: 'nobody', body: 'x' })
    await expect(refused).rejects.toMatchObject({
      code: 21211,
      status: 400,
      moreInfo: 'https://www.twilio.com/docs/errors/21211',
      message: "The 'To' number nobody is not a valid phone number.",
    })
  })

  it.skipIf(!contract)('gets answers that are as the contract says', async () => {
    const form = new URLSearchParams({ From: NUMBER, To: phone, Body: 'by contract' })
    const created = await house.ask('POST', `${MESSAGES}.json`, form)
    const one = `${MESSAGES}/${created.body.sid}`
    const answers = [
      { method: 'POST', path: `${MESSAGES}.json`, ...created },
      { method: 'GET', path: `${one}.json`, ...(await house.ask('GET', `${one}.json`)) },
      { method: 'GET', path: `${MESSAGES}.json`, ...(await house.ask('GET', `${MESSAGES}.json?PageSize=2`)) },
      { method: 'GET', path: `${one}/Media.json`, ...(await house.ask('GET', `${one}/Media.json`)) },
      {
        method: 'POST',
        path: `${one}/Feedback.json`,
        ...(await house.ask('POST', `${one}/Feedback.json`, new URLSearchParams({ Outcome: 'unconfirmed' }))),
      },
    ]
    for (const answer of answers) expect(contract?.faultsOf(answer)).toEqual([])
  })
})
