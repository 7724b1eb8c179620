import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse, SUPPORT } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

type Body = Answer['body']
let guests = 0
const newGuest = () => `+1555888${String(++guests).padStart(4, '0')}`

async function set(queue: number, change: Body): Promise<Body> {
  const answer = await house.ask('PATCH', `/v1/queues/${queue}`, change)
  expect(answer.status).toBe(200)
  return answer.body
}

async function duty(user: number, on: boolean): Promise<Body> {
  return (await house.ask('PUT', `/v1/users/${user}/duty`, { on })).body
}

async function openThread(guest: string, user: 'ann' | 'cal' = 'ann'): Promise<Body> {
  return (await house.threads(user, `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}`))[0]
}

async function texted(number = BILLING, guest = newGuest()): Promise<Body> {
  await house.text(guest, number, `Hello from ${guest}`)
  return openThread(guest)
}

function send(user: 'ann' | 'bob' | 'cal', guest: string, number = BILLING): Promise<Answer> {
  const body = { from: { phoneNumber: number }, to: [{ phoneNumber: guest }], text: `by ${user}` }
  return house.as(user, 'POST', '/message-threads/messages', body)
}

describe('a queue', () => {
  test('does nothing beyond RingCentral unless it is set', async () => {
    const { body } = await house.ask('GET', '/v1/queues/201')
    expect(body).toMatchObject({
      extensionId: '201',
      name: 'Billing Queue',
      kind: 'queue',
      closesAfter: 'P3D',
      anyoneReassigns: false,
      linksPrevious: false,
      claimsOnReply: false,
      assigns: null,
      countsUnread: false,
    })
    expect((await house.ask('GET', `/v1/queues/${body.id}`)).body).toEqual(body)
    expect((await house.ask('GET', '/v1/queues')).body.records).toHaveLength(3)
  })

  test('is refused what is no setting, and one that is not there', async () => {
    expect((await house.ask('PATCH', '/v1/queues/201', { assigns: 'the_best' })).status).toBe(400)
    expect((await house.ask('PATCH', '/v1/queues/201', { closesAfter: 'soon' })).body.code).toBe('time_invalid')
    expect((await house.ask('PATCH', '/v1/queues/201', { closesAfter: 'P3000000D' })).body.code).toBe('time_invalid')
    expect((await house.ask('PATCH', '/v1/queues/999', {})).status).toBe(404)
    expect((await house.ask('PUT', '/v1/users/999/duty', { on: true })).status).toBe(404)
  })

  test('closes threads that open from then on after another time', async () => {
    await set(201, { closesAfter: 'PT1H' })
    const thread = await texted()
    await set(201, { closesAfter: 'PT72H' })
    const other = await texted()
    await house.advance('PT1H1S')
    expect((await house.as('ann', 'GET', `/message-threads/${thread.id}`)).body.status).toBe('Resolved')
    expect((await house.as('ann', 'GET', `/message-threads/${other.id}`)).body.status).toBe('Open')
  })
})

describe('threads that are linked', () => {
  beforeAll(() => set(201, { linksPrevious: true }))
  afterAll(() => set(201, { linksPrevious: false }))

  test('say which one their pair had before, and history reads on', async () => {
    const guest = newGuest()
    const first = await texted(BILLING, guest)
    expect(first.previousThreadId).toBeUndefined()
    await house.as('ann', 'POST', `/message-threads/${first.id}/resolve`)
    await house.text(guest, BILLING, 'One more thing')
    const second = await openThread(guest)
    expect(second.previousThreadId).toBe(first.id)
    await house.as('ann', 'POST', `/message-threads/${second.id}/resolve`)
    expect((await send('bob', guest)).status).toBe(201)
    const third = await openThread(guest)
    expect(third.previousThreadId).toBe(second.id)

    const path = `/v1/queue-threads/${third.id}/history`
    const { body } = await house.ask('GET', path)
    expect(body.previousThreadId).toBe(second.id)
    expect(body.records.map((each: Body) => [each.threadId, each.body])).toEqual([
      [third.id, 'by bob'],
      [second.id, 'One more thing'],
      [first.id, `Hello from ${guest}`],
    ])
    const page = (await house.ask('GET', `${path}?limit=2`)).body
    const rest = (await house.ask('GET', `${path}?limit=2&before=${page.next}`)).body
    expect([...page.records, ...rest.records]).toEqual(body.records)
  })

  test('are not linked to one that was deleted, nor to one of another guest', async () => {
    const guest = newGuest()
    const first = await texted(BILLING, guest)
    await house.as('ann', 'DELETE', `/message-threads/${first.id}`)
    await house.text(guest, BILLING, 'Again')
    expect((await openThread(guest)).previousThreadId).toBeUndefined()
    expect((await texted()).previousThreadId).toBeUndefined()
  })

  test('a thread of a queue that does not link stays without', async () => {
    const guest = newGuest()
    const first = await texted(SUPPORT, guest)
    await house.as('ann', 'POST', `/message-threads/${first.id}/resolve`)
    await house.text(guest, SUPPORT, 'Again')
    expect((await openThread(guest)).previousThreadId).toBeUndefined()
  })
})

describe('a reply to a thread without an assignee', () => {
  test('is refused unless the queue lets it claim', async () => {
    const guest = newGuest()
    await texted(BILLING, guest)
    expect((await send('bob', guest)).body.errorCode).toBe('MSG-427')
    await set(201, { claimsOnReply: true })
    expect((await send('bob', guest)).status).toBe(201)
    const thread = await openThread(guest)
    expect(thread.assignee.extensionId).toBe('102')
    const entries = await house.as('bob', 'GET', `/message-threads/entries/sync?scope=Explicit&threadIds=${thread.id}`)
    expect(entries.body.records.map((each: Body) => each.recordType).sort()).toEqual([
      'AliveMessage',
      'AliveMessage',
      'ThreadAssignedHint',
      'ThreadCreatedHint',
    ])
    expect((await send('ann', guest)).body.errorCode).toBe('MSG-427')
    await set(201, { claimsOnReply: false })
  })

  test('is claimed by one of two handlers who reply at once', async () => {
    await set(201, { claimsOnReply: true })
    for (let round = 0; round < 5; round++) {
      const guest = newGuest()
      await texted(BILLING, guest)
      const answers = await Promise.all([send('ann', guest), send('bob', guest)])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 403])
      const winner = answers.find(({ status }) => status === 201)
      expect((await openThread(guest)).assignee).toEqual(winner?.body.author)
    }
    await set(201, { claimsOnReply: false })
  })
})

describe('threads that are given out', () => {
  afterAll(async () => {
    await set(201, { assigns: null })
    for (const user of [101, 102, 103]) await duty(user, false)
  })

  test('go to nobody while nobody is on duty, and to no handler who is off', async () => {
    await set(201, { assigns: 'round_robin' })
    expect((await texted()).assignee).toBeUndefined()
    expect(await duty(102, true)).toMatchObject({ identity: 'bob', onDuty: true })
    expect((await texted()).assignee.extensionId).toBe('102')
    expect((await duty(102, false)).onDuty).toBe(false)
    expect((await texted()).assignee).toBeUndefined()
  })

  test('go round by turns, in the act that opens them', async () => {
    await duty(101, true)
    await duty(102, true)
    const turns: string[] = []
    for (let at = 0; at < 4; at++) turns.push((await texted()).assignee.extensionId)
    expect(turns[0]).not.toBe(turns[1])
    expect(turns).toEqual([turns[0], turns[1], turns[0], turns[1]])
  })

  test('go round by turns when many open at once', async () => {
    const guest = Array.from({ length: 10 }, newGuest)
    await Promise.all(guest.map(each => house.text(each, BILLING, 'All at once')))
    const threads = await Promise.all(guest.map(each => openThread(each)))
    const of = (extensionId: string) => threads.filter(({ assignee }) => assignee.extensionId === extensionId)
    expect([of('101').length, of('102').length]).toEqual([5, 5])
  })

  test('go to whoever has the fewest open ones', async () => {
    await set(201, { assigns: 'least_busy' })
    const [ann, bob] = (await house.ask('GET', '/v1/queues/201/handlers')).body.records
    expect([ann.identity, bob.identity]).toEqual(['ann', 'bob'])
    const open = await house.threads('ann', '&threadStatus=Open')
    for (const thread of open.filter(({ assignee }) => assignee?.extensionId === '102')) {
      await house.as('bob', 'POST', `/message-threads/${thread.id}/resolve`)
    }
    for (let at = 0; at < 3; at++) expect((await texted()).assignee.extensionId).toBe('102')
  })

  test('tell their history who has them, and nobody who gave them', async () => {
    const thread = await texted()
    const entries = await house.as('ann', 'GET', `/message-threads/entries/sync?scope=Explicit&threadIds=${thread.id}`)
    const hint = entries.body.records.find((each: Body) => each.recordType === 'ThreadAssignedHint')
    expect(hint.assignee).toEqual(thread.assignee)
    expect(hint.initiator).toBeUndefined()
  })

  test('go to handlers of their queue only, and never away from a handler who starts one', async () => {
    await duty(103, true)
    await set(202, { assigns: 'least_busy' })
    await set(201, { assigns: 'least_busy' })
    await duty(101, false)
    await duty(102, false)
    expect((await texted()).assignee).toBeUndefined()
    expect((await texted(SUPPORT)).assignee.extensionId).toBe('103')
    const guest = newGuest()
    await duty(102, true)
    await send('ann', guest)
    expect((await openThread(guest)).assignee.extensionId).toBe('101')
    await set(202, { assigns: null })
  })

  test('a conversation whose first pair is the queue’s is given out as well', async () => {
    await set(201, { assigns: 'round_robin' })
    const guest = newGuest()
    const { body: made } = await house.ask('POST', '/conversations/v1/Conversations', new URLSearchParams())
    const pair = new URLSearchParams({
      'MessagingBinding.Address': guest,
      'MessagingBinding.ProxyAddress': BILLING,
    })
    expect((await house.ask('POST', `/conversations/v1/Conversations/${made.sid}/Participants`, pair)).status).toBe(201)
    expect((await openThread(guest)).assignee.extensionId).toBe('102')
  })
})

describe('what a handler has not read', () => {
  beforeAll(() => set(202, { countsUnread: true, claimsOnReply: true }))

  const unread = async (user: number, query = '') => (await house.ask('GET', `/v1/users/${user}/unread${query}`)).body

  test('is counted for each handler alone, in queues that count', async () => {
    const guest = newGuest()
    const before = await unread(103)
    const thread = await texted(SUPPORT, guest)
    await house.text(guest, SUPPORT, 'Are you there?')
    await texted(BILLING)
    expect(await unread(103)).toMatchObject({ total: before.total + 2, threads: before.threads + 1 })
    expect((await unread(103)).records[0]).toMatchObject({ threadId: thread.id, unread: 2, readIndex: null })

    const read = await house.ask('PUT', `/v1/users/103/threads/${thread.id}/read`, { index: 0 })
    expect(read.body).toEqual({ index: 0 })
    expect((await unread(103)).records[0]).toMatchObject({ threadId: thread.id, unread: 1, readIndex: 0 })
    expect((await unread(101)).records.find((each: Body) => each.threadId === thread.id)).toMatchObject({ unread: 2 })

    await house.ask('PUT', `/v1/users/103/threads/${thread.id}/read`, { index: 99 })
    expect(await unread(103)).toMatchObject({ total: before.total, threads: before.threads })
    await house.ask('PUT', `/v1/users/103/threads/${thread.id}/read`, { index: null })
    expect((await unread(103)).records[0]).toMatchObject({ unread: 2, readIndex: null })
  })

  test('is not a text that is deleted, though it was made unread again before', async () => {
    const before = await unread(103)
    const thread = await texted(SUPPORT)
    await house.ask('PUT', `/v1/users/103/threads/${thread.id}/read`, { index: 0 })
    const [message] = (await house.as('cal', 'GET', `/message-threads/messages?threadIds=${thread.id}`)).body.records
    await house.as('cal', 'PUT', `/extension/~/message-store/${message.id}`, { readStatus: 'Unread' })
    expect((await unread(103)).total).toBe(before.total + 1)
    await house.as('ann', 'DELETE', '/message-threads/messages', { ids: [message.id] })
    expect(await unread(103)).toMatchObject({ total: before.total, threads: before.threads })
  })

  test('is read by who answers, and is nobody’s when the thread is resolved', async () => {
    const guest = newGuest()
    const thread = await texted(SUPPORT, guest)
    const has = async (user: number, query = '') =>
      (await unread(user, query)).records.some((each: Body) => each.threadId === thread.id)
    expect([await has(103), await has(101)]).toEqual([true, true])
    expect(await has(101, '?assigned=nobody')).toBe(true)
    expect((await send('cal', guest, SUPPORT)).status).toBe(201)
    expect([await has(103), await has(101), await has(101, '?assigned=nobody')]).toEqual([false, true, false])
    await house.as('cal', 'POST', `/message-threads/${thread.id}/resolve`)
    expect(await has(101)).toBe(false)
  })

  test('is not told of users who do not handle the thread, nor of threads that are not there', async () => {
    const thread = await texted(SUPPORT)
    const path = `/threads/${thread.id}/read`
    expect((await house.ask('PUT', `/v1/users/104${path}`, { index: 0 })).status).toBe(403)
    const unknown = '/v1/users/103/threads/018f0000-0000-7000-8000-000000000000/read'
    expect((await house.ask('PUT', unknown, { index: 0 })).status).toBe(404)
    expect((await unread(104)).total).toBe(0)
  })
})

describe('a guest who says STOP', () => {
  test('is answered in sight of the handlers', async () => {
    const guest = newGuest()
    const thread = await texted(BILLING, guest)
    const { syncInfo } = (
      await house.as('ann', 'GET', `/message-threads/entries/sync?scope=Explicit&threadIds=${thread.id}`)
    ).body
    await house.text(guest, BILLING, 'STOP')
    await house.house.settled()
    await house.advance('PT1S')
    await house.house.settled()
    const changed = await house.as(
      'ann',
      'GET',
      `/message-threads/entries/sync?syncType=ISync&syncToken=${syncInfo.syncToken}`,
    )
    const messages = changed.body.records.sort((a: Body, b: Body) => Number(a.id) - Number(b.id))
    expect(messages).toMatchObject([
      { direction: 'Inbound', text: 'STOP' },
      { direction: 'Outbound', messageStatus: 'Delivered' },
    ])
    expect(messages[1].text).toMatch(/unsubscribed/i)
    const received = (await house.phone(guest)).filter(each => each.direction === 'received')
    expect(received.map(each => each.body)).toEqual([messages[1].text])
  })
})

describe('a user', () => {
  const nameOf = (thread: Body) => thread.assignee?.name

  test('who is renamed is told anew to those who sync', async () => {
    const guest = newGuest()
    await send('bob', guest)
    const thread = await openThread(guest)
    await house.as('bob', 'POST', '/message-threads/notes', { threadId: thread.id, text: 'Mind the gap' })
    const full = (await house.as('ann', 'GET', '/message-threads/sync')).body
    const entries = (await house.as('ann', 'GET', '/message-threads/entries/sync?scope=Accessible')).body
    const { body: users } = await house.ask('GET', '/conversations/v1/Users?PageSize=100')
    const bob = users.users.find((each: Body) => each.identity === 'bob')
    const renamed = await house.ask(
      'POST',
      `/conversations/v1/Users/${bob.sid}`,
      new URLSearchParams({ FriendlyName: 'Bob Rye' }),
    )
    expect(renamed.status).toBe(200)
    await house.house.settled()
    await expect
      .poll(async () => {
        const path = `/message-threads/sync?syncType=ISync&syncToken=${full.syncInfo.syncToken}`
        const { records } = (await house.as('ann', 'GET', path)).body
        return records.filter((each: Body) => each.id === thread.id).map(nameOf)
      })
      .toEqual(['Bob Rye'])
    await expect
      .poll(async () => {
        const path = `/message-threads/entries/sync?syncType=ISync&syncToken=${entries.syncInfo.syncToken}`
        const { records } = (await house.as('ann', 'GET', path)).body
        return records
          .filter((each: Body) => each.threadId === thread.id)
          .map((each: Body) => [each.recordType, each.author.name])
      })
      .toEqual(
        expect.arrayContaining([
          ['AliveMessage', 'Bob Rye'],
          ['AliveNote', 'Bob Rye'],
        ]),
      )
    const before = full.records.find((each: Body) => each.id === thread.id)
    expect((await openThread(guest)).lastModifiedTime > before.lastModifiedTime).toBe(true)
  })

  test('who is deleted handles nothing any more and leaves no thread assigned', async () => {
    await duty(103, true)
    const guest = newGuest()
    await send('cal', guest, SUPPORT)
    expect((await openThread(guest)).assignee.extensionId).toBe('103')
    const { body: users } = await house.ask('GET', '/conversations/v1/Users?PageSize=100')
    const cal = users.users.find((each: Body) => each.identity === 'cal')
    expect((await house.ask('DELETE', `/conversations/v1/Users/${cal.sid}`)).status).toBe(204)
    await expect.poll(async () => (await openThread(guest)).assignee).toBeUndefined()
    const { records } = (await house.ask('GET', '/v1/queues/202/handlers')).body
    expect(records.map((each: Body) => each.identity)).toEqual(['ann'])
  })
})
