import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'

const SERVICE = 'MG00000000000000000000000000000009'
const NUMBERS = numbersFrom(8500, 2)
const OTHERS = numbersFrom(8600, 2)
const PERSON = '+15557740001'

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { sid: SERVICE, name: 'Proxies', numbers: NUMBERS },
    { name: 'Threads', numbers: OTHERS },
  ])
})

afterAll(() => house?.close())

const post = (path: string, form: Record<string, string>) => house.ask('POST', path, new URLSearchParams(form))

async function join(more: Record<string, string> = { MessagingServiceSid: SERVICE }) {
  const conversation = await post('/conversations/v1/Conversations', more)
  return post(`/conversations/v1/Conversations/${conversation.body.sid}/Participants`, {
    'MessagingBinding.Address': PERSON,
    'MessagingBinding.ProxyAddress': 'auto',
  })
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
    expect((await join({})).status).toBeGreaterThanOrEqual(400)
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
