import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { BILLING, GUEST, type InboxHouse, openInboxHouse, signedIn, type UserName } from '../support/inbox-house.ts'
import { openPushReceiver, type PushReceiver } from '../support/push-receiver.ts'
import { type Answer, AUTH_TOKEN } from '../support/test-house.ts'

const THREADS = '/restapi/v1.0/account/~/message-threads/sync'
const ENTRIES = '/restapi/v1.0/account/~/message-threads/entries/sync'
const SUBSCRIPTION = '/restapi/v1.0/subscription'

type Body = Answer['body']

let house: InboxHouse
let receiver: PushReceiver
const tokens = new Map<UserName, Promise<string>>()

beforeAll(async () => {
  house = await openInboxHouse()
})
beforeAll(async () => {
  receiver = await openPushReceiver()
})
afterEach(async () => {
  for (const user of ['ann', 'bob', 'cal', 'eve'] as const) {
    const { body } = await ask(user, 'GET')
    for (const { id } of body.records) await ask(user, 'DELETE', `/${id}`)
  }
  Object.assign(receiver, { status: 200, echo: (token: string) => token })
  receiver.told.length = 0
  receiver.handshakes.length = 0
})
afterAll(async () => {
  await house.close()
  await receiver.close()
})

/** Asks for subscriptions as a user. */
async function ask(user: UserName, method: string, path = '', body?: unknown): Promise<Answer> {
  if (!tokens.has(user)) tokens.set(user, house.tokenOf(user))
  const authorization = `Bearer ${await tokens.get(user)}`
  return house.ask(method, `${SUBSCRIPTION}${path}`, body, { authorization })
}

async function subscribe(user: UserName, more: object = {}, mode: object = {}): Promise<Body> {
  const deliveryMode = { transportType: 'WebHook', address: receiver.url, ...mode }
  const answer = await ask(user, 'POST', '', { eventFilters: [THREADS, ENTRIES], deliveryMode, ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}

let guests = 0
function newGuest(): string {
  guests += 1
  return `+1555770${String(guests).padStart(4, '0')}`
}

async function threadOf(guest: string): Promise<Body> {
  const found = await house.threads('ann', `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}`)
  return found[0]
}

/** What arrived since, once everything that is due went out. */
async function told(): Promise<string[]> {
  await house.house.settled()
  return receiver.take().sort()
}

const T = 'message-threads/sync'
const E = 'message-threads/entries/sync'

describe('a subscription', () => {
  test('is made once its address has answered the handshake, by the official SDK', async () => {
    const platform = (await signedIn(house, 'ann')).platform()
    const answer = await platform.post(SUBSCRIPTION, {
      eventFilters: [THREADS, ENTRIES],
      deliveryMode: { transportType: 'WebHook', address: receiver.url, verificationToken: 'shared' },
    })
    const made: Body = await answer.json()
    expect(answer.status).toBe(200)
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      uri: `${house.url}${SUBSCRIPTION}/${made.id}`,
      eventFilters: [
        '/restapi/v1.0/account/400001/message-threads/sync',
        '/restapi/v1.0/account/400001/message-threads/entries/sync',
      ],
      creationTime: expect.stringMatching(/Z$/),
      expirationTime: expect.stringMatching(/Z$/),
      expiresIn: 604800,
      status: 'Active',
      deliveryMode: { transportType: 'WebHook', address: receiver.url, encryption: false },
    })
    expect(Date.parse(made.expirationTime) - Date.parse(made.creationTime)).toBe(604800_000)
    expect(receiver.handshakes).toHaveLength(1)
    expect(receiver.handshakes[0]?.headers).toMatchObject({
      'validation-token': expect.stringMatching(/.{16}/),
      'user-agent': 'RingCentral-Webhook/8.3',
    })
    expect(receiver.handshakes[0]?.body).toBeNull()
    const listed: Body = await (await platform.get(SUBSCRIPTION)).json()
    expect(listed.records.map((each: Body) => each.id)).toEqual([made.id])
    expect((await platform.get(`${SUBSCRIPTION}/${made.id}`)).status).toBe(200)
    expect((await platform.delete(`${SUBSCRIPTION}/${made.id}`)).status).toBe(204)
    await expect(platform.get(`${SUBSCRIPTION}/${made.id}`)).rejects.toThrow(/not found/)
  })

  test.each([
    ['another token', () => 'another'],
    ['no token', () => null],
  ])('is refused when the handshake sends back %s', async (_, echo) => {
    receiver.echo = echo
    const deliveryMode = { transportType: 'WebHook', address: receiver.url }
    const answer = await ask('ann', 'POST', '', { eventFilters: [THREADS], deliveryMode })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'SUB-525' } })
    expect((await ask('ann', 'GET')).body.records).toEqual([])
  })

  const webhook = { transportType: 'WebHook', address: 'http://127.0.0.1:9/' }
  test.each<[string, object, number, string]>([
    ['no filter', { eventFilters: [], deliveryMode: webhook }, 400, 'CMN-101'],
    [
      'an unknown filter',
      { eventFilters: ['/restapi/v1.0/account/~/presence'], deliveryMode: webhook },
      400,
      'SUB-508',
    ],
    ['a filter that is no text', { eventFilters: [7], deliveryMode: webhook }, 400, 'SUB-508'],
    ['no mode', { eventFilters: [THREADS] }, 400, 'CMN-101'],
    ['PubNub', { eventFilters: [THREADS], deliveryMode: { transportType: 'PubNub' } }, 400, 'CMN-101'],
    [
      'a WebSocket that is none',
      { eventFilters: [THREADS], deliveryMode: { transportType: 'WebSocket' } },
      400,
      'CMN-101',
    ],
    ['no address', { eventFilters: [THREADS], deliveryMode: { transportType: 'WebHook' } }, 400, 'CMN-101'],
    ['nobody at the address', { eventFilters: [THREADS], deliveryMode: webhook }, 400, 'SUB-525'],
    ['a lifetime that is none', { eventFilters: [THREADS], deliveryMode: webhook, expiresIn: 0 }, 400, 'CMN-101'],
    [
      'the account of others',
      { eventFilters: [THREADS.replace('~', '400002')], deliveryMode: webhook },
      403,
      'SUB-406',
    ],
    [
      'the extension of others',
      { eventFilters: ['/restapi/v1.0/account/~/extension/102/grant'], deliveryMode: webhook },
      403,
      'SUB-405',
    ],
    [
      'a reminder without its threshold',
      { eventFilters: [`${SUBSCRIPTION}/~`], deliveryMode: webhook },
      400,
      'SUB-508',
    ],
  ])('is refused with %s', async (_, body, status, errorCode) => {
    expect(await ask('ann', 'POST', '', body)).toMatchObject({ status, body: { errorCode } })
  })

  test('tells only what its program may ask for in the user’s name', async () => {
    const client = `Basic ${Buffer.from('app:app-secret').toString('base64')}`
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'ann-jwt' }
    const withScope = async (scope: string, eventFilters: string[]) => {
      const form = new URLSearchParams({ ...grant, scope })
      const { body } = await house.ask('POST', '/restapi/oauth/token', form, { authorization: client })
      const authorization = `Bearer ${body.access_token}`
      const deliveryMode = { transportType: 'WebHook', address: receiver.url }
      return house.ask('POST', SUBSCRIPTION, { eventFilters, deliveryMode }, { authorization })
    }
    const grants = '/restapi/v1.0/account/~/extension/~/grant'
    const none = { status: 403, body: { errorCode: 'CMN-401' } }
    expect(await withScope('SMS', [ENTRIES])).toMatchObject(none)
    expect(await withScope('SubscriptionWebhook', [ENTRIES])).toMatchObject(none)
    const some = await withScope('SubscriptionWebhook ReadAccounts', [ENTRIES, grants])
    expect(some).toMatchObject({ status: 200, body: { disabledFilters: [{ reason: 'CMN-401' }] } })
    expect(some.body.eventFilters).toHaveLength(2)
    expect(some.body.disabledFilters[0].filter).toBe(some.body.eventFilters[0])
    await house.text(newGuest(), BILLING, 'Not told')
    expect(await told()).toEqual([])
  })

  test('is seen by its own user only, and thirty are enough', async () => {
    const { id } = await subscribe('ann')
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect(await ask('bob', method, `/${id}`)).toMatchObject({ status: 404, body: { errorCode: 'SUB-507' } })
      expect(await ask('eve', method, `/${id}`)).toMatchObject({ status: 404, body: { errorCode: 'SUB-507' } })
    }
    await Promise.all(Array.from({ length: 29 }, () => subscribe('ann')))
    const deliveryMode = { transportType: 'WebHook', address: receiver.url }
    const more = await ask('ann', 'POST', '/', { eventFilters: [THREADS], deliveryMode })
    expect(more).toMatchObject({ status: 403, body: { errorCode: 'SUB-505' } })
    expect((await ask('ann', 'GET')).body.records).toHaveLength(30)
  })

  test('that runs for longer than a week is not cut short by being changed or renewed', async () => {
    const { id, expirationTime } = await subscribe('ann', { expiresIn: 30 * 86_400 })
    const changed = await ask('ann', 'PUT', `/${id}`, { eventFilters: [ENTRIES] })
    expect(changed.body.expirationTime >= expirationTime).toBe(true)
    expect((await ask('ann', 'POST', `/${id}/renew`)).body.expirationTime >= expirationTime).toBe(true)
    expect((await ask('ann', 'PUT', `/${id}`, { expiresIn: 600 })).body.expiresIn).toBe(600)
    expect((await ask('ann', 'POST', `/${id}/renew`)).body.expiresIn).toBe(604_800)
    await ask('ann', 'DELETE', `/${id}`)
  })

  test('runs out after its time, is reminded of before, and renewed by an empty PUT or by renew', async () => {
    const reminder = `${SUBSCRIPTION}/~?threshold=60&interval=20`
    const first = await subscribe('ann', { expiresIn: 300, eventFilters: [ENTRIES, reminder] })
    expect(first.expiresIn).toBe(300)
    const second = await subscribe('ann', { expiresIn: 300 })
    await house.advance('PT250S')
    await house.house.settled()
    expect(receiver.told.map(({ body }) => [body.event, body.subscriptionId, body.body.id])).toEqual([
      [reminder, first.id, first.id],
    ])
    receiver.told.length = 0
    expect((await ask('ann', 'PUT', `/${second.id}`)).body.expiresIn).toBe(604800)
    await house.advance('PT20S')
    await house.advance('PT20S')
    await house.house.settled()
    expect(receiver.told).toHaveLength(2)
    await house.advance('PT20S')
    expect(await ask('ann', 'GET', `/${first.id}`)).toMatchObject({ status: 404, body: { errorCode: 'SUB-507' } })
    expect(await ask('ann', 'POST', `/${first.id}/renew`)).toMatchObject({ status: 404 })
    expect((await ask('ann', 'POST', `/${second.id}/renew`)).status).toBe(200)
    receiver.told.length = 0
    await house.text(newGuest(), BILLING, 'Who is told?')
    await house.house.settled()
    expect(new Set(receiver.told.map(({ body }) => body.subscriptionId))).toEqual(new Set([second.id]))
  })
})

describe('who is told of what', () => {
  /** What ann's, bob's and cal's webhooks were told; cal handles other queues. */
  async function toldTo(deed: () => Promise<unknown>): Promise<Record<string, string[]>> {
    await told()
    await deed()
    await house.house.settled()
    const seen: Record<string, string[]> = { '101': [], '102': [], '103': [] }
    for (const { body } of receiver.told.splice(0)) {
      seen[body.ownerId]?.push(String(body.event).replace(/^.*account\/400001\//, ''))
    }
    for (const events of Object.values(seen)) events.sort()
    return seen
  }

  test('the table of events holds', { timeout: 30_000 }, async () => {
    for (const user of ['ann', 'bob', 'cal'] as const) await subscribe(user)
    const all = { '101': [E, T], '102': [E, T], '103': [] }
    const guest = newGuest()
    const send = (text: string, to = guest) =>
      house.as('bob', 'POST', '/message-threads/messages', {
        from: { phoneNumber: BILLING },
        to: [{ phoneNumber: to }],
        text,
      })
    expect(await toldTo(() => house.text(guest, BILLING, 'first'))).toEqual(all)
    expect(await toldTo(() => house.text(guest, BILLING, 'second'))).toEqual(all)
    const { id } = await threadOf(guest)
    const assign = (to: string | null) =>
      house.as('bob', 'POST', `/message-threads/${id}/assign`, { assignee: to && { extensionId: to } })
    const threadsToAll = { '101': [T], '102': [T], '103': [] }
    expect(await toldTo(() => assign('102'))).toEqual(threadsToAll)
    expect(await toldTo(() => house.text(guest, BILLING, 'third'))).toEqual({ '101': [], '102': [E], '103': [] })
    // The reply, and then how its delivery goes: nobody but its assignee hears of either.
    const replied = await toldTo(() => send('an answer'))
    expect(replied['101']).toEqual([])
    expect(new Set(replied['102'])).toEqual(new Set([E]))
    await expect
      .poll(async () => (await house.as('bob', 'GET', `/message-threads/messages?threadIds=${id}`)).body.records.at(-1))
      .toMatchObject({ messageStatus: 'Delivered' })
    await told()
    const note = () => house.as('bob', 'POST', '/message-threads/notes', { threadId: id, text: 'A note' })
    const entriesToAll = { '101': [E], '102': [E], '103': [] }
    let noteId = ''
    expect(await toldTo(async () => (noteId = (await note()).body.id))).toEqual(entriesToAll)
    const edited = () => house.as('bob', 'PATCH', `/message-threads/notes/${noteId}`, { text: 'Another' })
    expect(await toldTo(edited)).toEqual(entriesToAll)
    expect(await toldTo(() => house.as('bob', 'DELETE', '/message-threads/notes', { ids: [noteId] }))).toEqual(
      entriesToAll,
    )
    const [message] = (await house.as('bob', 'GET', `/message-threads/messages?threadIds=${id}`)).body.records
    const removed = () => house.as('ann', 'DELETE', '/message-threads/messages', { ids: [message.id] })
    expect(await toldTo(removed)).toEqual(entriesToAll)
    expect(await toldTo(() => assign(null))).toEqual(threadsToAll)
    expect(await toldTo(() => house.as('ann', 'POST', `/message-threads/${id}/resolve`))).toEqual(threadsToAll)
    expect(await toldTo(() => house.as('ann', 'DELETE', `/message-threads/${id}`))).toEqual(all)
    // A handler's own first text: his, and nobody else's.
    const opened = await toldTo(() => send('I begin', newGuest()))
    expect(opened['101']).toEqual([])
    expect(new Set(opened['102'])).toEqual(new Set([E, T]))
  })

  test('a thread that expires is told to all its handlers', async () => {
    await house.text(newGuest(), BILLING, 'Never answered')
    await subscribe('ann', { expiresIn: 8 * 86_400 })
    await told()
    await house.advance('PT73H')
    await expect.poll(told).toContain(T)
  })

  test('those who become handlers, or are none any more, are told of their grants', async () => {
    const grants = '/restapi/v1.0/account/~/extension/~/grant'
    await subscribe('cal', { eventFilters: [grants] })
    const change = (body: object) => house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', body)
    expect((await change({ addedExtensionIds: ['103'] })).status).toBe(204)
    await house.house.settled()
    expect(receiver.told.map(({ body }) => [body.event, body.body])).toEqual([
      ['/restapi/v1.0/account/400001/extension/103/grant', { extensionId: '103' }],
    ])
    expect((await change({ removedExtensionIds: ['103'] })).status).toBe(204)
    await house.house.settled()
    expect(receiver.told).toHaveLength(2)
  })

  test('programs of the older message store are told of texts, and of what they say', async () => {
    const store = '/restapi/v1.0/account/~/extension/~/message-store'
    const filters = [`${store}?type=SMS`, `${store}?direction=Outbound`, `${store}/instant?type=SMS`]
    await subscribe('bob', { eventFilters: filters })
    await subscribe('cal', { eventFilters: filters })
    const guest = newGuest()
    await house.text(guest, BILLING, 'Hello?')
    await house.house.settled()
    const shown = '/restapi/v1.0/account/400001/extension/102/message-store'
    const [listed] = (await house.as('bob', 'GET', '/extension/~/message-store')).body.records
    expect(receiver.told.splice(0).map(({ body }) => [body.event, body.body])).toEqual([
      [
        `${shown}?type=SMS`,
        {
          accountId: 400001,
          extensionId: 102,
          lastUpdated: expect.stringMatching(/Z$/),
          changes: [{ type: 'SMS', newCount: 1, updatedCount: 0, newMessageIds: [String(listed.id)] }],
        },
      ],
      [
        `${shown}/instant?type=SMS`,
        {
          id: String(listed.id),
          to: [{ phoneNumber: BILLING, name: 'Billing Queue', target: true }],
          from: { phoneNumber: guest },
          type: 'SMS',
          creationTime: listed.creationTime,
          lastModifiedTime: listed.lastModifiedTime,
          readStatus: 'Unread',
          priority: 'Normal',
          attachments: [
            {
              id: String(listed.id),
              uri: `${house.url}${shown}/${listed.id}/content/${listed.id}`,
              type: 'Text',
              contentType: 'text/plain',
            },
          ],
          direction: 'Inbound',
          availability: 'Alive',
          subject: 'Hello?',
          messageStatus: 'Received',
          conversationId: String(listed.conversationId),
        },
      ],
    ])
    const { id } = await threadOf(guest)
    await house.as('bob', 'POST', `/message-threads/${id}/assign`, { assignee: { extensionId: '102' } })
    const to = [{ phoneNumber: guest }]
    await house.as('bob', 'POST', '/message-threads/messages', { from: { phoneNumber: BILLING }, to, text: 'Hi' })
    const seen = () => receiver.told.map(({ body }) => [body.event, body.body.changes?.[0]])
    const sent = { newCount: 1, updatedCount: 0 }
    await expect.poll(seen).toContainEqual([`${shown}?direction=Outbound`, expect.objectContaining(sent)])
    const delivered = { newCount: 0, updatedCount: 1 }
    await expect.poll(seen).toContainEqual([`${shown}?type=SMS`, expect.objectContaining(delivered)])
  })

  test('no account hears of another', async () => {
    await subscribe('eve')
    await house.text(newGuest(), BILLING, 'Ours')
    expect(await told()).toEqual([])
    const authorization = `Basic ${Buffer.from(`AC00000000000000000000000000000002:${AUTH_TOKEN}`).toString('base64')}`
    const text = { from: GUEST, to: '+15550008000', body: 'Theirs' }
    expect((await house.ask('POST', '/simulator/messages', text, { authorization })).status).toBe(201)
    expect(await told()).toEqual([E, T])
  })
})

describe('a delivery', () => {
  test('is an envelope of JSON, with the token of its subscription and nothing of the handshake', async () => {
    const { id } = await subscribe('ann', { eventFilters: [ENTRIES] }, { verificationToken: 'shared with you' })
    await house.text(newGuest(), BILLING, 'Hello?')
    await house.house.settled()
    const [pushed] = receiver.told
    expect(pushed?.body).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      event: '/restapi/v1.0/account/400001/message-threads/entries/sync',
      timestamp: expect.stringMatching(/Z$/),
      subscriptionId: id,
      ownerId: '101',
      body: { lastModifiedTime: expect.stringMatching(/Z$/) },
    })
    expect(pushed?.headers).toMatchObject({
      'verification-token': 'shared with you',
      'content-type': 'application/json; charset=UTF-8',
      'user-agent': 'RingCentral-Webhook/8.3',
    })
    expect(pushed?.headers).not.toHaveProperty('validation-token')
    expect(pushed?.headers).not.toHaveProperty('x-twilio-signature')
  })

  test('that failed is made again, in order, and survives a restart', { timeout: 30_000 }, async () => {
    await subscribe('ann', { eventFilters: [ENTRIES] })
    receiver.status = 500
    await house.text(newGuest(), BILLING, 'one')
    await house.text(newGuest(), BILLING, 'two')
    await house.house.settled()
    const [first] = receiver.told
    expect(receiver.told).toHaveLength(1)
    await house.restart()
    receiver.status = 200
    await house.advance('PT2S')
    await expect.poll(() => receiver.told.length, { timeout: 15_000 }).toBe(3)
    expect(receiver.told[1]?.body).toEqual(first?.body)
    expect(receiver.told[2]?.body.uuid).not.toBe(first?.body.uuid)
  })

  test('that fails ten times in a row blacklists the webhook, until it is renewed', { timeout: 30_000 }, async () => {
    const { id } = await subscribe('ann', { eventFilters: [ENTRIES] })
    receiver.status = 503
    await house.text(newGuest(), BILLING, 'down')
    for (let tries = 0; tries < 11; tries++) {
      await house.house.settled()
      await house.advance('PT10M')
    }
    expect(receiver.told).toHaveLength(10)
    expect((await ask('ann', 'GET', `/${id}`)).body).toMatchObject({
      status: 'Blacklisted',
      blacklistedData: { blacklistedAt: expect.stringMatching(/Z$/), reason: expect.stringContaining('503') },
    })
    receiver.status = 200
    await house.text(newGuest(), BILLING, 'not told')
    await house.house.settled()
    expect(receiver.told).toHaveLength(10)

    receiver.echo = () => null
    expect(await ask('ann', 'POST', `/${id}/renew`)).toMatchObject({ status: 400, body: { errorCode: 'SUB-525' } })
    receiver.echo = token => token
    const renewed = await ask('ann', 'POST', `/${id}/renew`)
    expect(renewed.body).toMatchObject({ status: 'Active', expiresIn: 604800 })
    expect(renewed.body).not.toHaveProperty('blacklistedData')
    await house.text(newGuest(), BILLING, 'told')
    await house.house.settled()
    expect(receiver.told).toHaveLength(11)
  })
})
