import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPool } from '../../server/core/pools/manage-pools.ts'
import { sid, uuidOfSid } from '../../server/domain/ids.ts'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'
import { clientOf, SDKS } from '../support/twilio-sdk.ts'

const NUMBERS = ['+15550003001', '+15550003002', '+15550003003']
const OUTSIDE = '+15550001000'
const QUEUED = '+15550002000'
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`
const HOUR_MS = 3_600_000

let house: TestHouse
let app: CallbackApp
let service: string
let empty: string
beforeAll(async () => {
  app = await openCallbackApp()
  const seed = seedOf([...[...NUMBERS, OUTSIDE].map(number => ({ number })), { number: QUEUED, queue: 'Billing' }])
  Object.assign(seed.accounts[0]!, { queues: [{ name: 'Billing' }] })
  house = await openTestHouse(seed)
  const accountId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
  const settings = { statusCallback: `${app.url}/pool` }
  service = sid('MG', await createPool(house.house.core, accountId, { name: 'Service', settings }, NUMBERS))
  empty = sid('MG', await createPool(house.house.core, accountId, { name: 'Empty' }, []))
})
afterAll(async () => {
  await house.close()
  await app.close()
})

let phones = 0
const newPhone = () => `+1555777${String(++phones).padStart(4, '0')}`
const now = async () => new Date((await house.ask('GET', '/simulator/clock')).body.now)
const inAnHour = async () => new Date((await now()).getTime() + HOUR_MS)

function send(parameters: Record<string, string>) {
  return house.ask('POST', `${ACCOUNT}/Messages.json`, new URLSearchParams({ Body: 'x', ...parameters }))
}

async function settle(duration = 'PT1S'): Promise<void> {
  await house.house.settled()
  await house.advance(duration)
  await house.house.settled()
  await house.advance('PT1S')
}

const fetchOne = async (messageSid: string) => (await house.ask('GET', `${ACCOUNT}/Messages/${messageSid}.json`)).body

describe.each(SDKS)('%s', (_name, sdk) => {
  it('schedules a text, which waits for its hour', async () => {
    const client = clientOf(sdk, house)
    const phone = newPhone()
    const scheduled = await client.messages.create({
      messagingServiceSid: service,
      to: phone,
      body: 'later',
      scheduleType: 'fixed',
      sendAt: await inAnHour(),
    })
    expect(scheduled).toMatchObject({
      status: 'scheduled',
      from: null,
      numSegments: '0',
      messagingServiceSid: service,
      dateSent: null,
    })
    await settle('PT59M')
    expect(await house.phone(phone)).toEqual([])
    await settle('PT2M')
    const sent = await client.messages(scheduled.sid).fetch()
    expect(sent).toMatchObject({ status: 'delivered', numSegments: '1', messagingServiceSid: service })
    expect(NUMBERS).toContain(sent.from)
    expect(await house.phone(phone)).toMatchObject([{ body: 'later', from: sent.from, sid: scheduled.sid }])
    expect(app.statusesOf(scheduled.sid)).toEqual(['queued', 'sent', 'delivered'])
  })

  it('cancels a text before its hour, and not after', async () => {
    const client = clientOf(sdk, house)
    const phone = newPhone()
    const draft = { messagingServiceSid: service, to: phone, body: 'never', scheduleType: 'fixed' as const }
    const { sid: messageSid } = await client.messages.create({ ...draft, sendAt: await inAnHour() })
    expect(await client.messages(messageSid).update({ status: 'canceled' })).toMatchObject({ status: 'canceled' })
    await settle('PT2H')
    expect(await house.phone(phone)).toEqual([])
    expect(app.statusesOf(messageSid)).toEqual(['canceled'])
    await expect(client.messages(messageSid).update({ status: 'canceled' })).rejects.toMatchObject({ code: 30409 })
    expect(await client.messages(messageSid).remove()).toBe(true)
  })
})

describe('a text whose body is to be forgotten', () => {
  it('has none any more once it is canceled', async () => {
    const draft = { MessagingServiceSid: service, ScheduleType: 'fixed', SendAt: (await inAnHour()).toISOString() }
    const { body } = await send({ ...draft, To: newPhone(), Body: 'a secret', ContentRetention: 'discard' })
    const path = `${ACCOUNT}/Messages/${body.sid}.json`
    const canceled = await house.ask('POST', path, new URLSearchParams({ Status: 'canceled' }))
    expect(canceled.body).toMatchObject({ status: 'canceled', body: '' })
    expect(await fetchOne(body.sid)).toMatchObject({ status: 'canceled', body: '' })
  })
})

describe('a scheduled text that no carrier takes while it is valid', () => {
  it('fails for its own validity, however long it was scheduled', async () => {
    const SendAt = new Date((await now()).getTime() + 11 * HOUR_MS).toISOString()
    const draft = { MessagingServiceSid: service, ScheduleType: 'fixed', SendAt, ValidityPeriod: '60' }
    const { body } = await send({ ...draft, To: newPhone() })
    for (const number of NUMBERS) await house.ask('PUT', '/simulator/faults', { number, retry: { after: 'PT10M' } })
    await settle('PT11H')
    await settle('PT10M')
    expect(await fetchOne(body.sid)).toMatchObject({ status: 'failed', error_code: 30036 })
    await house.ask('DELETE', '/simulator/faults')
  })
})

describe('a text through a messaging service', () => {
  it('is accepted first; its number and its steps are told by callback', async () => {
    const { status, body } = await send({ To: newPhone(), MessagingServiceSid: service })
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'accepted', from: null, num_segments: '0', messaging_service_sid: service })
    await settle()
    expect(app.statusesOf(body.sid)).toEqual(['queued', 'sent', 'delivered'])
    expect(app.told.at(-1)).toMatchObject({ path: '/pool', parameters: { MessagingServiceSid: service } })
    expect(NUMBERS).toContain((await fetchOne(body.sid)).from)
  })

  it('may name the service as its sender', async () => {
    const { body } = await send({ To: newPhone(), From: service })
    expect(body).toMatchObject({ status: 'accepted', messaging_service_sid: service })
  })

  it('leaves from the number that it names, if that is in the service', async () => {
    const [, number = ''] = NUMBERS
    const { body } = await send({ To: newPhone(), From: number, MessagingServiceSid: service })
    expect(body).toMatchObject({ status: 'queued', from: number, num_segments: '1' })
    const foreign = await send({ To: newPhone(), From: OUTSIDE, MessagingServiceSid: service })
    expect(foreign).toMatchObject({ status: 400, body: { code: 21711 } })
  })

  it('keeps to one number for one person', async () => {
    const phone = newPhone()
    for (let at = 0; at < 4; at++) await send({ To: phone, MessagingServiceSid: service })
    await settle()
    expect(new Set((await house.phone(phone)).map(text => text.from)).size).toBe(1)
  })

  it('is refused where the service has no number', async () => {
    expect(await send({ To: newPhone(), MessagingServiceSid: empty })).toMatchObject({
      status: 400,
      body: { code: 21704 },
    })
  })
})

describe('a person who said stop to one number of a service', () => {
  it('is not texted from any of them, not even on schedule', async () => {
    const phone = newPhone()
    const [first = '', second = ''] = NUMBERS
    const draft = { To: phone, MessagingServiceSid: service, ScheduleType: 'fixed' }
    const scheduled = await send({ ...draft, SendAt: (await inAnHour()).toISOString() })
    await house.text(phone, first, 'STOP')
    for (const From of [first, second]) expect((await send({ To: phone, From })).body.code).toBe(21610)
    expect((await send({ To: phone, MessagingServiceSid: service })).body.code).toBe(21610)
    expect((await send({ To: phone, From: OUTSIDE })).status).toBe(201)
    await settle('PT2H')
    expect(await fetchOne(scheduled.body.sid)).toMatchObject({ status: 'failed', error_code: 21610 })
    expect(app.statusesOf(scheduled.body.sid)).toEqual(['failed'])
    const { records } = (await house.ask('GET', `/v1/opt-outs?number=${encodeURIComponent(first)}`)).body
    expect(records).toMatchObject([{ scope: service, person: phone }])
  })
})

describe('many texts for one hour', () => {
  it('all leave then, each once', async () => {
    const SendAt = (await inAnHour()).toISOString()
    const all = Array.from({ length: 250 }, newPhone)
    await Promise.all(all.map(To => send({ To, MessagingServiceSid: service, ScheduleType: 'fixed', SendAt })))
    await settle('PT61M')
    for (let at = 0; at < all.length; at += 50) {
      const received = await Promise.all(all.slice(at, at + 50).map(phone => house.phone(phone)))
      expect(received.map(texts => texts.length)).toEqual(received.map(() => 1))
    }
  })
})

describe("a scheduled text from a queue's number", () => {
  const conversations = '/conversations/v1/Conversations'
  const messagesOf = async (person: string) => {
    const { body } = await house.ask(
      'GET',
      `/conversations/v1/ParticipantConversations?Address=${encodeURIComponent(person)}`,
    )
    const found = []
    for (const { conversation_sid } of body.conversations) {
      const listed = await house.ask('GET', `${conversations}/${conversation_sid}/Messages`)
      found.push(listed.body.messages.map(({ author, body }: { author: string; body: string }) => [author, body]))
    }
    return found
  }

  it('is said in the thread of the queue when its hour has come, and not before', async () => {
    const { body: pool } = await house.ask('POST', '/v1/pools', { name: 'Of a queue', numbers: [QUEUED] })
    const [known, stranger] = [newPhone(), newPhone()]
    await house.text(known, QUEUED, 'Hello?')
    const SendAt = (await inAnHour()).toISOString()
    const asked = { MessagingServiceSid: pool.sid, ScheduleType: 'fixed', SendAt }
    for (const To of [known, stranger]) expect((await send({ ...asked, To, Body: 'Your bill' })).status).toBe(201)
    expect(await messagesOf(known)).toEqual([[[known, 'Hello?']]])
    expect(await messagesOf(stranger)).toEqual([])
    await settle('PT61M')
    expect(await messagesOf(known)).toEqual([
      [
        [known, 'Hello?'],
        [QUEUED, 'Your bill'],
      ],
    ])
    expect(await messagesOf(stranger)).toEqual([[[QUEUED, 'Your bill']]])
    expect((await house.phone(known)).at(-1)).toMatchObject({ from: QUEUED, body: 'Your bill' })
  })
})
