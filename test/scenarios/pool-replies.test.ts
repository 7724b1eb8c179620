import twilio from 'twilio'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Listener, openListener } from '../support/listener.ts'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'
import { AUTH_TOKEN } from '../support/test-house.ts'

const NUMBERS = numbersFrom(7000, 3)
const APP = numbersFrom(7100, 2)
const BRIEF = numbersFrom(7200, 2)

let house: PoolHouse
let app: Listener

beforeAll(async () => {
  app = await openListener()
  house = await openPoolHouse(
    [
      { name: 'Plain', numbers: NUMBERS },
      { name: 'App', numbers: APP },
      { name: 'Brief', numbers: BRIEF, lateFor: 'PT1H', expiresAfter: 'PT2H' },
    ],
    [
      ...[...NUMBERS, ...BRIEF].map(number => ({ number })),
      ...APP.map(number => ({ number, smsUrl: `${app.url}/sms` })),
    ],
  )
})

afterAll(async () => {
  await house?.close()
  await app?.close()
})

beforeEach(() => app.clear())

const person = (at: number) => `+1555779${String(at).padStart(4, '0')}`

describe('a reply URL', () => {
  test('is told of each reply in order, with its room, signed', async () => {
    const url = `${app.url}/replies?tenant=1`
    const thread = await house.open('Plain', person(1), { room: 'kitchen', replyUrl: url })
    for (const body of ['one', 'two', 'three']) await house.text(person(1), thread.number, body)
    const [question, ...replies] = await house.messages(thread.id)
    expect(app.requests.map(({ json }) => json)).toEqual(
      replies.map(reply => ({
        ...reply,
        threadId: thread.id,
        threadSid: thread.sid,
        room: 'kitchen',
        person: person(1),
        number: thread.number,
      })),
    )
    expect(replies[0]?.inReplyTo).toEqual({ id: question?.id, sid: question?.sid })
    for (const { path, headers, body } of app.requests) {
      const signature = String(headers['x-twilio-signature'])
      expect(headers['content-type']).toBe('application/json')
      expect(twilio.validateRequestWithBody(AUTH_TOKEN, signature, app.url + path, body)).toBe(true)
      expect(twilio.validateRequestWithBody(AUTH_TOKEN, signature, app.url + path, `${body} `)).toBe(false)
    }
  })

  test('is asked again until it takes a reply, and those behind it wait', async () => {
    const thread = await house.open('Plain', person(2), { replyUrl: `${app.url}/replies` })
    app.fail(3)
    await house.text(person(2), thread.number, 'one')
    await house.text(person(2), thread.number, 'two')
    for (let at = 0; at < 4; at++) {
      await house.house.settled()
      await house.advance('PT10S')
    }
    await house.house.settled()
    expect(app.requests.map(({ json, status }) => [json?.body, status])).toEqual([
      ['one', 500],
      ['one', 500],
      ['one', 500],
      ['one', 200],
      ['two', 200],
    ])
    const tokens = app.requests.map(({ headers }) => headers['i-twilio-idempotency-token'])
    expect(new Set(tokens.slice(0, 4)).size).toBe(1)
    expect(tokens[4]).not.toBe(tokens[0])
  })
})

describe("a number's app", () => {
  test('is told the thread, its room and the question that is answered', async () => {
    const thread = await house.open('App', person(10), { room: 'garden' })
    await house.text(person(10), thread.number, 'Yes')
    await house.house.settled()
    const [asked] = (
      await house.ask(
        'GET',
        `/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json?To=${encodeURIComponent(person(10))}`,
      )
    ).body.messages
    expect(app.requests).toHaveLength(1)
    expect(app.requests[0]?.form).toMatchObject({
      Body: 'Yes',
      ThreadSid: thread.sid,
      Room: 'garden',
      OriginalRepliedMessageSid: asked.sid,
      OriginalRepliedMessageSender: thread.number,
    })
  })

  test('is told of a text that belongs to no thread as always', async () => {
    await house.text(person(11), APP[0]!, 'Hello')
    await house.house.settled()
    expect(app.requests[0]?.form).toMatchObject({ Body: 'Hello', From: person(11) })
    expect(app.requests[0]?.form).not.toHaveProperty('ThreadSid')
  })

  test("gives way to the pool's app", async () => {
    await house.ask('PATCH', '/v1/pools/App', { inboundRequestUrl: `${app.url}/pool` })
    await house.text(person(12), APP[0]!, 'To the pool')
    await house.ask('PATCH', '/v1/pools/App', { useInboundWebhookOnNumber: true })
    await house.text(person(12), APP[0]!, 'To the number')
    await house.house.settled()
    expect(app.requests.map(({ path, form }) => [path, form.Body])).toEqual([
      ['/pool', 'To the pool'],
      ['/sms', 'To the number'],
    ])
  })
})

describe('a room that is a conversation', () => {
  test('hears the reply from the phone, with the question it answers', async () => {
    const made = await house.ask('POST', '/conversations/v1/Conversations', new URLSearchParams({ UniqueName: 'team' }))
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const bySid = await house.open('Plain', person(20), { room: made.body.sid, body: 'By SID?' })
    const byName = await house.open('Plain', person(20), { room: 'team', body: 'By name?' })
    await house.text(person(20), byName.number, 'Name')
    await house.text(person(20), bySid.number, 'Sid')
    await house.house.settled()
    const { body } = await house.ask('GET', `/conversations/v1/Conversations/${made.body.sid}/Messages`)
    expect(
      body.messages.map((each: { author: string; body: string; attributes: string }) => [
        each.author,
        each.body,
        JSON.parse(each.attributes).question.body,
        JSON.parse(each.attributes).question.conversationSid,
      ]),
    ).toEqual([
      [person(20), 'Name', 'By name?', byName.sid],
      [person(20), 'Sid', 'By SID?', bySid.sid],
    ])
  })
})

describe('a late reply', () => {
  test('goes to the room of the thread that held the pair last, and changes nothing else there', async () => {
    const replyUrl = `${app.url}/replies`
    const thread = await house.open('Brief', person(30), { room: 'attic', replyUrl })
    const closed = await house.closeThread(thread.id)
    await house.advance('PT59M')
    await house.text(person(30), thread.number, 'Sorry, late')
    const messages = await house.messages(thread.id)
    expect(messages.at(-1)).toMatchObject({ body: 'Sorry, late', late: true, inReplyTo: { id: messages[0]?.id } })
    expect(app.requests[0]?.json).toMatchObject({ room: 'attic', late: true })
    expect(await house.thread(thread.id)).toEqual({ ...closed, messages: 2 })
  })

  test('comes too late after the time that the pool gives', async () => {
    const thread = await house.open('Brief', person(31))
    await house.closeThread(thread.id)
    await house.advance('PT61M')
    await house.text(person(31), thread.number, 'Much too late')
    expect(await house.messages(thread.id)).toHaveLength(1)
  })

  test('belongs to the thread that has the number now, not to the one before', async () => {
    const first = await house.open('Brief', person(32))
    await house.closeThread(first.id)
    const second = await house.open('Brief', person(32))
    expect(second.number).toBe(first.number)
    await house.text(person(32), second.number, 'Which?')
    expect((await house.messages(second.id)).at(-1)).toMatchObject({ body: 'Which?', late: false })
    await house.closeThread(second.id)
    await house.text(person(32), second.number, 'And now?')
    expect((await house.messages(second.id)).at(-1)).toMatchObject({ body: 'And now?', late: true })
    expect(await house.messages(first.id)).toHaveLength(1)
  })
})

describe('a thread ends', () => {
  test('on its first reply, when it was opened so; what comes after is late', async () => {
    const thread = await house.open('Plain', person(40), { closeOn: 'reply' })
    await Promise.all(['first', 'second'].map(body => house.text(person(40), thread.number, body)))
    expect((await house.messages(thread.id)).map(({ late }) => late)).toEqual([false, false, true])
    expect(await house.thread(thread.id)).toMatchObject({ state: 'closed', closedReason: 'reply' })
  })

  test('after the time without a message that it or its pool was given', async () => {
    const asPool = await house.open('Brief', person(41))
    const longer = await house.open('Brief', person(42), { expiresAfter: 'PT3H' })
    const never = await house.open('Brief', person(43), { expiresAfter: null })
    await house.advance('PT1H')
    await house.text(person(41), asPool.number, 'Still here')
    await house.advance('PT119M')
    expect((await house.thread(asPool.id)).state).toBe('active')
    await house.advance('PT2M')
    expect(await house.thread(asPool.id)).toMatchObject({ state: 'closed', closedReason: 'timer' })
    expect((await house.thread(longer.id)).state).toBe('closed')
    await house.advance('P30D')
    expect((await house.thread(never.id)).state).toBe('active')
  })

  test('on its date, however much is said', async () => {
    const now = (await house.ask('GET', '/simulator/clock')).body.now
    const expiresAt = new Date(new Date(now).getTime() + 3_600_000).toISOString()
    const thread = await house.open('Plain', person(44), { expiresAt })
    await house.advance('PT59M')
    await house.text(person(44), thread.number, 'Talking')
    await house.advance('PT2M')
    expect((await house.thread(thread.id)).state).toBe('closed')
  })
})
