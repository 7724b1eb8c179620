import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'
import { ACCOUNT_SID, AUTH_TOKEN } from '../support/test-house.ts'

const SERVICE = 'MG00000000000000000000000000000009'
const NUMBERS = numbersFrom(8500, 2)
const OTHERS = numbersFrom(8600, 2)
const PERSON = '+15557740001'
const RESTING = numbersFrom(8700, 2)
const QUEUE = numbersFrom(8800, 1)
const AROUND = numbersFrom(8900, 2)
const AROUND_SID = 'MG00000000000000000000000000000010'

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { sid: SERVICE, name: 'Proxies', numbers: NUMBERS },
    { name: 'Threads', numbers: OTHERS },
    { name: 'Resting', numbers: RESTING, cooldown: 'PT1H', strict: true },
    { name: 'Queue', numbers: QUEUE, exhausted: 'queue' },
    { sid: AROUND_SID, name: 'Around', numbers: AROUND, order: 'least-recently-used' },
  ])
})

afterAll(() => house?.close())

const post = (path: string, form: Record<string, string>) => house.ask('POST', path, new URLSearchParams(form))

async function join(more: Record<string, string> = { MessagingServiceSid: SERVICE }, person = PERSON) {
  const conversation = await post('/conversations/v1/Conversations', more)
  return post(`/conversations/v1/Conversations/${conversation.body.sid}/Participants`, {
    'MessagingBinding.Address': person,
    'MessagingBinding.ProxyAddress': 'auto',
  })
}

const automatic = (address: string) => JSON.stringify({ messaging_binding: { address, proxy_address: 'auto' } })

async function proxiesIn(conversation: string): Promise<string[]> {
  const { body } = await house.ask('GET', `/conversations/v1/Conversations/${conversation}/Participants`)
  return body.participants.map(
    (each: { messaging_binding: { proxy_address: string } }) => each.messaging_binding.proxy_address,
  )
}

describe('an automatic proxy address', () => {
  test('is the first number of the messaging service that is free with the person, until none is', async () => {
    const joined = [await join(), await join()]
    expect(joined.map(({ status }) => status)).toEqual([201, 201])
    expect(joined.map(({ body }) => body.messaging_binding.proxy_address)).toEqual(NUMBERS)
    const refused = await join()
    expect([refused.status, refused.body.code]).toEqual([409, 80206])
    const { body } = await house.ask('GET', '/v1/pools/Proxies/capacity')
    expect(body).toMatchObject({ refusals: 1, numbersNeeded: 3 })
    const [first] = joined
    const path = `/conversations/v1/Conversations/${first?.body.conversation_sid}/Participants/${first?.body.sid}`
    expect((await house.ask('DELETE', path)).status).toBe(204)
    expect((await join()).body.messaging_binding.proxy_address).toBe(NUMBERS[0])
  })

  test('goes around where the service takes the least recently used', async () => {
    const joined = []
    for (const at of [1, 2, 3]) joined.push(await join({ MessagingServiceSid: AROUND_SID }, `+1555774010${at}`))
    const numbers = joined.map(({ body }) => body.messaging_binding.proxy_address)
    expect(numbers).toEqual([...AROUND, AROUND[0]])
  })

  test('of many that are asked for at once is never the same', async () => {
    const person = '+15557740002'
    const conversations = await Promise.all(
      Array.from({ length: 5 }, () => post('/conversations/v1/Conversations', { MessagingServiceSid: SERVICE })),
    )
    const joined = await Promise.all(
      conversations.map(({ body }) =>
        post(`/conversations/v1/Conversations/${body.sid}/Participants`, {
          'MessagingBinding.Address': person,
          'MessagingBinding.ProxyAddress': 'auto',
        }),
      ),
    )
    const bound = joined.filter(({ status }) => status === 201).map(({ body }) => body.messaging_binding.proxy_address)
    expect(bound.sort()).toEqual(NUMBERS)
    expect(joined.filter(({ status }) => status === 409)).toHaveLength(3)
  })

  test('needs a messaging service with numbers', async () => {
    expect((await join({})).body.code).toBe(50373)
  })

  test('is chosen for those with whom a conversation opens, and for all of them or none', async () => {
    const [first, second] = ['+15557740005', '+15557740006']
    const open = (people: string[]) => {
      const form = new URLSearchParams({ MessagingServiceSid: SERVICE })
      for (const person of people) form.append('Participant', automatic(person))
      return house.ask('POST', '/conversations/v1/ConversationWithParticipants', form)
    }
    const opened = await open([first, second])
    expect(opened.status).toBe(201)
    expect(await proxiesIn(opened.body.sid)).toEqual([NUMBERS[0], NUMBERS[0]])
    expect((await open([first])).status).toBe(201)
    const full = await open([second, first])
    expect([full.status, full.body.code]).toEqual([409, 80206])
    expect((await open([second])).status).toBe(201)
  })

  test.each([
    ['before', 0],
    ['after', 1],
  ])('leaves a number alone that the conversation itself names for the person, %s it', async (order, at) => {
    const person = `+155577401${50 + at}`
    const named = JSON.stringify({ messaging_binding: { address: person, proxy_address: NUMBERS[0] } })
    const form = new URLSearchParams({ MessagingServiceSid: SERVICE })
    const asked = order === 'before' ? [named, automatic(person)] : [automatic(person), named]
    for (const participant of asked) form.append('Participant', participant)
    const opened = await house.ask('POST', '/conversations/v1/ConversationWithParticipants', form)
    expect(opened.status).toBe(201)
    expect((await proxiesIn(opened.body.sid)).sort()).toEqual(NUMBERS)
    const refused = await join(undefined, person)
    expect([refused.status, refused.body.code]).toEqual([409, 80206])
  })

  test('is chosen anew for a participant who is to move', async () => {
    const joined = await join({ MessagingServiceSid: SERVICE }, '+15557740007')
    const path = `/conversations/v1/Conversations/${joined.body.conversation_sid}/Participants/${joined.body.sid}`
    const moved = await post(path, { 'MessagingBinding.ProxyAddress': 'auto' })
    expect([moved.status, moved.body.messaging_binding.proxy_address]).toEqual([200, NUMBERS[1]])
    const back = await post(path, { 'MessagingBinding.ProxyAddress': 'auto' })
    expect([back.status, back.body.messaging_binding.proxy_address]).toEqual([200, NUMBERS[0]])
  })
})

describe('a number that a conversation gives back', () => {
  const bound = async (number: string, person: string) => {
    const conversation = await post('/conversations/v1/Conversations', {})
    const form = { 'MessagingBinding.Address': person, 'MessagingBinding.ProxyAddress': number }
    const joined = await post(`/conversations/v1/Conversations/${conversation.body.sid}/Participants`, form)
    expect(joined.status).toBe(201)
    return { path: `/conversations/v1/Conversations/${conversation.body.sid}`, participant: joined.body.sid }
  }
  type Bound = Awaited<ReturnType<typeof bound>>
  const ways: [string, (bound: Bound) => Promise<number>][] = [
    ['closes', async ({ path }) => (await post(path, { State: 'closed' })).status],
    ['is deleted', async ({ path }) => (await house.ask('DELETE', path)).status],
    [
      'loses the participant',
      async ({ path, participant }) => (await house.ask('DELETE', `${path}/Participants/${participant}`)).status,
    ],
    [
      'moves the participant',
      async ({ path, participant }) => {
        const form = { 'MessagingBinding.ProxyAddress': OTHERS[1]! }
        return (await post(`${path}/Participants/${participant}`, form)).status
      },
    ],
  ]

  test.each(ways)('as it %s, goes to the thread that waits for it', async (way, giveBack) => {
    const person = `+155577401${20 + ways.findIndex(([each]) => each === way)}`
    const held = await bound(QUEUE[0]!, person)
    const waiting = await house.wish('Queue', person, { body: 'At last' })
    expect(waiting.status).toBe(202)
    expect(await giveBack(held)).toBeLessThan(300)
    await expect.poll(async () => (await house.thread(waiting.body.id)).state).toBe('active')
    await house.house.settled()
    expect((await house.phone(person)).map(({ body }) => body)).toContain('At last')
    await house.closeThread(waiting.body.id)
  })

  test.each(ways)('as it %s, rests like any other', async (way, giveBack) => {
    const person = `+155577401${30 + ways.findIndex(([each]) => each === way)}`
    expect(await giveBack(await bound(RESTING[0]!, person))).toBeLessThan(300)
    expect((await house.open('Resting', person)).number).toBe(RESTING[1])
    expect((await house.wish('Resting', person)).body.code).toBe('pool_exhausted')
    await house.advance('PT1H')
    expect((await house.open('Resting', person)).number).toBe(RESTING[0])
  })

  test('takes no late replies, neither of its own nor for who had it before', async () => {
    const person = '+15557740140'
    const thread = await house.open('Threads', person, { number: OTHERS[0] })
    await house.closeThread(thread.id)
    const { path } = await bound(OTHERS[0]!, person)
    await post(path, { State: 'closed' })
    await house.text(person, OTHERS[0]!, 'Too late')
    expect((await house.messages(thread.id)).map(({ body }) => body)).not.toContain('Too late')
    expect((await house.ask('GET', `${path}/Messages`)).body.messages).toEqual([])
  })
})

describe('what is said in a thread while it waits', () => {
  const upload = async (contentType: string) => {
    const service = (await house.ask('GET', '/conversations/v1/Configuration')).body.default_chat_service_sid
    const made = await fetch(`${house.url}/mcs/v1/Services/${service}/Media`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`,
        'content-type': contentType,
      },
      body: 'a file',
    })
    const { sid }: { sid: string } = JSON.parse(await made.text())
    return sid
  }

  test('is sent as it is said elsewhere: with its files, its author and its service', async () => {
    const person = '+15557740160'
    const holder = await house.open('Queue', person)
    const waiting = (await house.wish('Queue', person, { body: 'First' })).body
    const path = `/conversations/v1/Conversations/${waiting.sid}`
    await post(`${path}/Messages`, { MediaSid: await upload('image/png') })
    await post(`${path}/Messages`, { MediaSid: await upload('application/zip') })
    await house.ask('PUT', `/v1/threads/${waiting.sid}/labels`, { on: true })
    await post(`${path}/Messages`, { Author: 'ann', Body: 'Look' })
    await house.closeThread(holder.id)
    await expect.poll(async () => (await house.thread(waiting.id)).state).toBe('active')
    await house.house.settled()
    const texts = (await house.phone(person)).slice(1)
    expect(texts.map(({ body, mediaUrls }) => [body, mediaUrls.length])).toEqual([
      ['First', 0],
      ['', 1],
      ['ann: Look', 0],
    ])
    const query = new URLSearchParams({ To: person })
    const { body } = await house.ask('GET', `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json?${query}`)
    const services = body.messages.map((each: { messaging_service_sid: string }) => each.messaging_service_sid)
    expect(new Set(services)).toEqual(new Set([expect.stringMatching(/^MG/)]))
  })
})

describe('a conversation that names a messaging service', () => {
  test('sends its texts through it, whatever service their numbers are in', async () => {
    const conversation = await post('/conversations/v1/Conversations', { MessagingServiceSid: SERVICE })
    const path = `/conversations/v1/Conversations/${conversation.body.sid}`
    for (const [person, proxy] of [
      ['+15557740008', NUMBERS[0]],
      ['+15557740009', OTHERS[0]],
    ]) {
      const form = { 'MessagingBinding.Address': person!, 'MessagingBinding.ProxyAddress': proxy! }
      expect((await post(`${path}/Participants`, form)).status).toBe(201)
    }
    const message = await post(`${path}/Messages`, { Body: 'Hello' })
    const receipts = await house.ask('GET', `${path}/Messages/${message.body.sid}/Receipts`)
    const legs = await Promise.all(
      receipts.body.delivery_receipts.map((each: { channel_message_sid: string }) =>
        house.ask(
          'GET',
          `/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/${each.channel_message_sid}.json`,
        ),
      ),
    )
    expect(legs.map(({ body }) => body.messaging_service_sid)).toEqual([SERVICE, SERVICE])
  })

  test('is refused when it is none of the account, when it opens and later', async () => {
    const nobodys = { MessagingServiceSid: `MG${'f'.repeat(32)}` }
    const refused = await post('/conversations/v1/Conversations', nobodys)
    expect([refused.status, refused.body.code]).toEqual([400, 50342])
    const { body } = await post('/conversations/v1/Conversations', { MessagingServiceSid: SERVICE })
    expect((await post(`/conversations/v1/Conversations/${body.sid}`, nobodys)).body.code).toBe(50342)
    const kept = await house.ask('GET', `/conversations/v1/Conversations/${body.sid}`)
    expect(kept.body.messaging_service_sid).toBe(SERVICE)
    const form = { DefaultMessagingServiceSid: nobodys.MessagingServiceSid }
    expect((await post('/conversations/v1/Configuration', form)).body.code).toBe(50342)
  })

  test('is the default one until that is deleted; then it is the account’s own again', async () => {
    const own = (await house.ask('GET', '/conversations/v1/Configuration')).body.default_messaging_service_sid
    const { body } = await post('/messaging/v1/Services', { FriendlyName: 'For a while' })
    await post('/conversations/v1/Configuration', { DefaultMessagingServiceSid: body.sid })
    const opened = async () => (await post('/conversations/v1/Conversations', {})).body.messaging_service_sid
    expect(await opened()).toBe(body.sid)
    expect((await house.ask('DELETE', `/messaging/v1/Services/${body.sid}`)).status).toBe(204)
    expect((await house.ask('GET', '/conversations/v1/Configuration')).body.default_messaging_service_sid).toBe(own)
    expect(await opened()).toBe(own)
  })
})

describe('a text to a number of a messaging service', () => {
  const address = '/conversations/v1/Configuration/Addresses'
  const placesOf = async (person: string) => {
    const query = new URLSearchParams({ Address: person })
    return (await house.ask('GET', `/conversations/v1/ParticipantConversations?${query}`)).body.conversations
  }

  test('opens a conversation where the service says so, but not where the number itself says otherwise', async () => {
    const made = await post(address, { Type: 'sms', Address: SERVICE, 'AutoCreation.Enabled': 'true' })
    expect([made.status, made.body.address]).toEqual([201, SERVICE])
    expect((await post(address, { Type: 'sms', Address: SERVICE })).status).toBe(409)
    expect((await house.ask('GET', `${address}/${SERVICE}`)).body.sid).toBe(made.body.sid)
    const person = '+15557740010'
    await house.text(person, NUMBERS[1]!, 'Is anybody there?')
    const [place, ...more] = await placesOf(person)
    expect(more).toEqual([])
    const path = `/conversations/v1/Conversations/${place.conversation_sid}`
    expect((await house.ask('GET', path)).body.messaging_service_sid).toBe(SERVICE)

    await post(address, { Type: 'sms', Address: NUMBERS[0]!, 'AutoCreation.Enabled': 'false' })
    const other = '+15557740011'
    await house.text(other, NUMBERS[0]!, 'And here?')
    await house.text(other, OTHERS[0]!, 'Or there?')
    expect(await placesOf(other)).toEqual([])
    expect((await house.ask('DELETE', `${address}/${SERVICE}`)).status).toBe(204)
    await house.text(other, NUMBERS[1]!, 'Nobody?')
    expect(await placesOf(other)).toEqual([])
  })

  test('is not set for a service of nobody', async () => {
    const refused = await post(address, { Type: 'sms', Address: `MG${'f'.repeat(32)}`, 'AutoCreation.Enabled': 'true' })
    expect([refused.status, refused.body.code]).toEqual([400, 50342])
  })
})

describe('a text sent through the Messages resource', () => {
  const send = (from: string, to: string, body: string) =>
    post('/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json', { From: from, To: to, Body: body })

  test('is said in the thread of a pool that holds its pair', async () => {
    const thread = await house.open('Threads', PERSON, { body: 'First?' })
    expect((await send(thread.number, PERSON, 'Second?')).status).toBe(201)
    await house.text(PERSON, thread.number, 'Answer')
    const messages = await house.messages(thread.id)
    expect(messages.map(({ body, direction }) => [body, direction])).toEqual([
      ['First?', 'outbound'],
      ['Second?', 'outbound'],
      ['Answer', 'inbound'],
    ])
    expect(messages[2]?.inReplyTo?.id).toBe(messages[1]?.id)
    const received = (await house.phone(PERSON)).filter(({ from }) => from === thread.number)
    expect(received.map(({ body }) => body)).toEqual(['First?', 'Second?'])
  })

  test('is not said in a plain conversation that holds its pair', async () => {
    const person = '+15557740003'
    const conversation = await post('/conversations/v1/Conversations', { MessagingServiceSid: SERVICE })
    const path = `/conversations/v1/Conversations/${conversation.body.sid}`
    const joined = await post(`${path}/Participants`, {
      'MessagingBinding.Address': person,
      'MessagingBinding.ProxyAddress': 'auto',
    })
    expect((await send(joined.body.messaging_binding.proxy_address, person, 'Aside')).status).toBe(201)
    expect((await house.ask('GET', `${path}/Messages`)).body.messages).toEqual([])
  })
})

test('a thread of a pool is a conversation like any other', async () => {
  const thread = await house.open('Threads', '+15557740004', { room: 'lobby' })
  const { body } = await house.ask('GET', `/conversations/v1/Conversations/${thread.sid}`)
  expect(body).toMatchObject({ sid: thread.sid, state: 'active' })
  await house.ask('POST', `/conversations/v1/Conversations/${thread.sid}`, new URLSearchParams({ State: 'closed' }))
  expect((await house.thread(thread.id)).state).toBe('closed')
  expect((await house.open('Threads', '+15557740004')).number).toBe(thread.number)
})
