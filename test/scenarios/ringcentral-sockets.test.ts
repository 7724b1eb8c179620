import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { BILLING, type InboxHouse, openInboxHouse, type UserName } from '../support/inbox-house.ts'
import { connect, openRawSocket, type RawSocket } from '../support/raw-socket.ts'
import type { Answer } from '../support/test-house.ts'

const THREADS = '/restapi/v1.0/account/~/message-threads/sync'
const ENTRIES = '/restapi/v1.0/account/~/message-threads/entries/sync'
const GRANT = '/restapi/v1.0/account/~/extension/~/grant'
const T = 'message-threads/sync'
const E = 'message-threads/entries/sync'

type Body = Answer['body']

let house: InboxHouse
const sockets: RawSocket[] = []

beforeAll(async () => {
  house = await openInboxHouse()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) await socket.close()
})
afterAll(() => house.close())

async function open(user: UserName, wsc?: string): Promise<RawSocket> {
  const socket = await openRawSocket(house, user, wsc)
  sockets.push(socket)
  return socket
}

async function subscribed(user: UserName, filters = [THREADS, ENTRIES]): Promise<RawSocket> {
  const socket = await open(user)
  await socket.subscribe(filters)
  return socket
}

let guests = 0
function newGuest(): string {
  guests += 1
  return `+1555771${String(guests).padStart(4, '0')}`
}

describe('a connection', () => {
  test('is greeted with its limits, and its heartbeats are echoed', async () => {
    const socket = await open('ann')
    const [meta, details] = socket.frames[0] ?? []
    expect(meta).toEqual({
      type: 'ConnectionDetails',
      messageId: expect.any(String),
      status: 200,
      headers: {},
      wsc: { token: expect.any(String), sequence: expect.any(Number) },
    })
    expect(details).toEqual({
      creationTime: expect.stringMatching(/Z$/),
      maxConnectionsPerSession: 50,
      recoveryBufferSize: 100,
      recoveryTimeout: 180,
      idleTimeout: 1800,
      absoluteTimeout: 86400,
      maxActiveRequests: 10,
    })
    socket.ws.send(JSON.stringify([{ type: 'Heartbeat', messageId: 'beat' }]))
    await expect.poll(() => socket.frames.at(-1)?.[0]).toMatchObject({ type: 'Heartbeat', messageId: 'beat' })
    expect(socket.frames.at(-1)).toHaveLength(1)
  })

  test('carries requests of the REST API, in the name of its user and with absolute URLs', async () => {
    const socket = await open('bob')
    const account = await socket.ask('GET', '/restapi/v1.0/account/~')
    expect(account.meta).toMatchObject({ type: 'ClientRequest', status: 200 })
    expect(account.body).toMatchObject({ id: 400001, uri: `${house.url}/restapi/v1.0/account/400001` })
    await house.text(newGuest(), BILLING, 'Hello?')
    const threads = '/restapi/v1.0/account/~/message-threads'
    const list = await socket.ask('GET', threads, undefined, { availability: ['Alive', 'Deleted'], perPage: 1 })
    expect(list.body.paging.perPage).toBe(1)
    const [thread] = list.body.records
    const resolved = await socket.ask('POST', `${threads}/${thread.id}/resolve`)
    expect(resolved.body).toMatchObject({ id: thread.id, status: 'Resolved' })
    expect(await socket.ask('POST', `${threads}/${thread.id}/resolve`)).toMatchObject({
      meta: { status: 403 },
      body: { errorCode: 'MSG-325' },
    })
    const gone = await socket.ask('DELETE', `${threads}/${thread.id}`, {})
    expect(gone).toEqual({ meta: expect.objectContaining({ status: 204 }), body: undefined })
  })

  test.each([
    ['/restapi/oauth/wstoken'],
    ['/restapi/../v1/queues'],
    ['/v1/queues'],
    ['//elsewhere.example/restapi/v1.0'],
    ['/simulator/clock'],
  ])('carries nothing to %s', async path => {
    const socket = await open('ann')
    expect((await socket.ask('POST', path, {})).meta.status).toBe(404)
  })

  test('answers 429 to more than ten requests at a time', async () => {
    const socket = await open('ann')
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => socket.ask('GET', '/restapi/v1.0/account/~/extension')),
    )
    const statuses = answers.map(({ meta }) => meta.status)
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    expect(statuses.filter(status => status === 200).length).toBeGreaterThanOrEqual(10)
    expect((await socket.ask('GET', '/restapi/v1.0/account/~')).meta.status).toBe(200)
  })

  test('is told of frames that can’t be taken, and goes on', async () => {
    const socket = await open('ann')
    for (const frame of [
      'not JSON',
      '{}',
      '[]',
      '[7]',
      '[{"type":"ClientRequest"}]',
      '[{"type":"Odd","messageId":"m"}]',
    ]) {
      const count = socket.frames.length
      socket.ws.send(frame)
      await expect.poll(() => socket.frames.length).toBe(count + 1)
      expect(socket.frames.at(-1)).toMatchObject([{ type: 'Error', status: 400 }, { errorCode: 'CMN-104' }])
    }
    expect((await socket.ask('GET', '/restapi/v1.0/account/~')).meta.status).toBe(200)
  })

  test('is refused in a frame without a good ticket', async () => {
    const url = `${house.url.replace('http', 'ws')}/restapi/ws`
    for (const token of ['', 'none', await house.tokenOf('ann')]) {
      const socket = await connect(`${url}?access_token=${token}`)
      expect(socket.frames).toMatchObject([[{ type: 'Error', status: 401 }, { errorCode: 'OAU-213' }]])
      await expect.poll(() => socket.ws.readyState).toBe(WebSocket.CLOSED)
    }
  })

  test('makes no request any more once its user has signed out', async () => {
    const token = await house.tokenOf('ann')
    const authorization = `Bearer ${token}`
    const ticket = (await house.ask('POST', '/restapi/oauth/wstoken', undefined, { authorization })).body
    const url = `${ticket.uri}?access_token=${ticket.ws_access_token}`
    const socket = await connect(url)
    sockets.push(socket)
    const basic = `Basic ${Buffer.from('app:app-secret').toString('base64')}`
    await house.ask('POST', '/restapi/oauth/revoke', new URLSearchParams({ token }), { authorization: basic })
    expect((await socket.ask('GET', '/restapi/v1.0/account/~')).meta.status).toBe(401)
    expect((await connect(url)).frames[0]?.[0]).toMatchObject({ type: 'Error', status: 401 })
  })

  test('no other path becomes a WebSocket', async () => {
    const ws = new WebSocket(`${house.url.replace('http', 'ws')}/restapi/other`)
    const error = await new Promise<Error>(resolve => ws.once('error', resolve))
    expect(error.message).toContain('404')
  })
})

describe('a subscription over a WebSocket', () => {
  test('is told of a text, as an envelope', async () => {
    const socket = await open('ann')
    const made = await socket.subscribe([THREADS, ENTRIES])
    expect(made).toMatchObject({
      uri: `${house.url}/restapi/v1.0/subscription/${made.id}`,
      status: 'Active',
      deliveryMode: { transportType: 'WebSocket' },
    })
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => socket.events()).toHaveLength(2)
    expect(socket.events().sort()).toEqual([E, T])
    const [meta, envelope] = socket.frames.at(-1) ?? []
    expect(meta).toMatchObject({ type: 'ServerNotification', status: 200, wsc: { token: expect.any(String) } })
    expect(envelope).toEqual({
      uuid: expect.any(String),
      event: expect.stringMatching(/^\/restapi\/v1\.0\/account\/400001\/message-threads\//),
      timestamp: expect.stringMatching(/Z$/),
      subscriptionId: made.id,
      ownerId: '101',
      body: { lastModifiedTime: expect.stringMatching(/Z$/) },
    })
  })

  test('hears what the webhooks hear: the table of events holds', { timeout: 30_000 }, async () => {
    const filters = [THREADS, ENTRIES, GRANT]
    const hearers = {
      ann: await subscribed('ann', filters),
      bob: await subscribed('bob', filters),
      cal: await subscribed('cal', filters),
    }
    /** What each was told, until all have heard of something that came after: news keep their order. */
    async function toldBy(deed: () => Promise<unknown>): Promise<Record<string, string[]>> {
      const before = Object.values(hearers).map(socket => socket.events().length)
      await deed()
      const users = { addedExtensionIds: ['101', '102', '103'] }
      await house.as('ann', 'POST', '/extension/203/sms-recipients/bulk-assign', users)
      const told = () => Object.values(hearers).map((socket, at) => socket.events().slice(before[at]))
      const isGrant = (event: string) => event.endsWith('/grant')
      await expect.poll(() => told().every(events => events.some(isGrant))).toBe(true)
      const names = Object.keys(hearers)
      return Object.fromEntries(told().map((events, at) => [names[at], events.filter(each => !isGrant(each)).sort()]))
    }
    const all = { ann: [E, T], bob: [E, T], cal: [] }
    const threadsToAll = { ann: [T], bob: [T], cal: [] }
    const entriesToAll = { ann: [E], bob: [E], cal: [] }
    const guest = newGuest()
    const send = (to: string) =>
      house.as('bob', 'POST', '/message-threads/messages', {
        from: { phoneNumber: BILLING },
        to: [{ phoneNumber: to }],
        text: 'Hi',
      })
    expect(await toldBy(() => house.text(guest, BILLING, 'first'))).toEqual(all)
    expect(await toldBy(() => house.text(guest, BILLING, 'second'))).toEqual(all)
    const [{ id }] = (await house.threads(
      'ann',
      `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}`,
    )) as [Body]
    const assign = (to: string | null) =>
      house.as('bob', 'POST', `/message-threads/${id}/assign`, { assignee: to && { extensionId: to } })
    expect(await toldBy(() => assign('102'))).toEqual(threadsToAll)
    expect(await toldBy(() => house.text(guest, BILLING, 'third'))).toEqual({ ann: [], bob: [E], cal: [] })
    const replied = await toldBy(() => send(guest))
    expect(replied).toMatchObject({ ann: [], cal: [] })
    // Its own message, and then how its delivery goes.
    expect(new Set(replied.bob)).toEqual(new Set([E]))
    await expect
      .poll(async () => (await house.as('bob', 'GET', `/message-threads/messages?threadIds=${id}`)).body.records.at(-1))
      .toMatchObject({ messageStatus: 'Delivered' })
    let noteId = ''
    const note = async () => {
      noteId = (await house.as('bob', 'POST', '/message-threads/notes', { threadId: id, text: 'A note' })).body.id
    }
    await toldBy(async () => {})
    expect(await toldBy(note)).toEqual(entriesToAll)
    expect(await toldBy(() => house.as('bob', 'DELETE', '/message-threads/notes', { ids: [noteId] }))).toEqual(
      entriesToAll,
    )
    const [message] = (await house.as('bob', 'GET', `/message-threads/messages?threadIds=${id}`)).body.records
    expect(await toldBy(() => house.as('ann', 'DELETE', '/message-threads/messages', { ids: [message.id] }))).toEqual(
      entriesToAll,
    )
    expect(await toldBy(() => assign(null))).toEqual(threadsToAll)
    expect(await toldBy(() => house.as('ann', 'POST', `/message-threads/${id}/resolve`))).toEqual(threadsToAll)
    expect(await toldBy(() => house.as('ann', 'DELETE', `/message-threads/${id}`))).toEqual(all)
    const opened = await toldBy(() => send(newGuest()))
    expect(opened).toMatchObject({ ann: [], cal: [] })
    expect(new Set(opened.bob)).toEqual(new Set([E, T]))
  })

  test('of the older message store is told of texts, and of what they say', async () => {
    const store = '/restapi/v1.0/account/~/extension/~/message-store'
    const socket = await subscribed('bob', [store, `${store}/instant?type=SMS`])
    await house.text(newGuest(), BILLING, 'Every word of it')
    await expect.poll(() => socket.events()).toHaveLength(2)
    const bodies = socket.frames.slice(-2).map(([, envelope]) => envelope.body)
    const [counted, instant] = bodies[0].changes ? bodies : bodies.reverse()
    expect(instant).toMatchObject({ subject: 'Every word of it', type: 'SMS', direction: 'Inbound' })
    expect(counted).toMatchObject({
      extensionId: 102,
      changes: [{ type: 'SMS', newCount: 1, updatedCount: 0, newMessageIds: [instant.id] }],
    })
  })

  test('is one a session: a later one takes its place, and it ends when it is deleted by plain HTTP', async () => {
    const socket = await open('ann')
    const first = await socket.subscribe([THREADS])
    const second = await socket.subscribe([ENTRIES])
    const authorization = `Bearer ${await house.tokenOf('ann')}`
    const listed = await house.ask('GET', '/restapi/v1.0/subscription', undefined, { authorization })
    expect(listed.body.records.map((each: Body) => each.id)).toContain(second.id)
    expect(listed.body.records.map((each: Body) => each.id)).not.toContain(first.id)
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => socket.events()).toEqual([E])
    const path = `/restapi/v1.0/subscription/${second.id}`
    expect((await house.ask('DELETE', path, undefined, { authorization })).status).toBe(204)
    await house.text(newGuest(), BILLING, 'Nobody hears')
    const witness = await subscribed('ann')
    await house.text(newGuest(), BILLING, 'Heard by another')
    await expect.poll(() => witness.events()).toHaveLength(2)
    expect(socket.events()).toEqual([E])
  })

  test('may be changed over its connection', async () => {
    const socket = await open('ann')
    const { id } = await socket.subscribe([THREADS])
    const changed = await socket.ask('PUT', `/restapi/v1.0/subscription/${id}`, { eventFilters: [ENTRIES] })
    expect(changed.body.eventFilters).toEqual(['/restapi/v1.0/account/400001/message-threads/entries/sync'])
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => socket.events()).toEqual([E])
  })

  test('that is taken over from another connection takes the place of what the session had', async () => {
    const [from, to] = [await open('ann'), await open('ann')]
    const theirs = await from.subscribe([ENTRIES])
    const own = await to.subscribe([THREADS])
    const taken = await to.ask('PUT', `/restapi/v1.0/subscription/${theirs.id}`, {})
    expect(taken.meta.status).toBe(200)
    const listed = await to.ask('GET', '/restapi/v1.0/subscription')
    const ids = listed.body.records.map((each: Body) => each.id)
    expect(ids).toContain(theirs.id)
    expect(ids).not.toContain(own.id)
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => to.events()).toEqual([E])
    to.cut()
    await house.text(newGuest(), BILLING, 'Are you there?')
    const again = await open('ann', to.wsc())
    await expect.poll(() => again.events()).toEqual([E])
  })

  test('hears nothing of queues that its user does not handle, nor of other accounts', async () => {
    const [cal, eve, ann] = [await subscribed('cal'), await subscribed('eve'), await subscribed('ann')]
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => ann.events()).toHaveLength(2)
    expect([...cal.events(), ...eve.events()]).toEqual([])
  })
})

describe('a session whose connection broke', () => {
  test('goes on with what it missed, in order, on a new connection', async () => {
    const before = await subscribed('ann')
    await house.text(newGuest(), BILLING, 'heard')
    await expect.poll(() => before.events()).toHaveLength(2)
    before.cut()
    for (const text of ['one', 'two', 'three']) await house.text(newGuest(), BILLING, text)
    const after = await open('ann', before.wsc())
    expect(after.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await expect.poll(() => after.events()).toHaveLength(6)
    const times = after.frames
      .filter(([meta]) => meta.type === 'ServerNotification')
      .map(([, body]) => body.body.lastModifiedTime)
    expect(times).toEqual([...times].sort())
    await house.text(newGuest(), BILLING, 'live again')
    await expect.poll(() => after.events()).toHaveLength(8)
    expect(before.events()).toHaveLength(2)
  })

  test.each([
    ['changes what it subscribed', 'PUT'],
    ['subscribes anew', 'POST'],
  ])('%s at once, and is told of that after what it missed', async (_, method) => {
    const before = await open('ann')
    const { id } = await before.subscribe([THREADS])
    before.cut()
    await house.text(newGuest(), BILLING, 'missed')
    const after = await open('ann', before.wsc())
    const wish = { eventFilters: [ENTRIES], deliveryMode: { transportType: 'WebSocket' } }
    const path = `/restapi/v1.0/subscription${method === 'PUT' ? `/${id}` : ''}`
    expect((await after.ask(method, path, wish)).meta.status).toBe(200)
    await expect.poll(() => after.events()).toEqual([T])
    await house.text(newGuest(), BILLING, 'Hello?')
    await expect.poll(() => after.events()).toEqual([T, E])
  })

  test('is given again what was sent to it and never read', async () => {
    const before = await subscribed('ann')
    const known = before.wsc()
    await house.text(newGuest(), BILLING, 'sent, and lost on the way')
    await expect.poll(() => before.events()).toHaveLength(2)
    before.cut()
    const after = await open('ann', known)
    expect(after.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await expect.poll(() => after.events()).toHaveLength(2)
  })

  test('is told nothing twice, however often its connection breaks on a quiet line', async () => {
    const before = await subscribed('ann')
    await house.text(newGuest(), BILLING, 'heard')
    await expect.poll(() => before.events()).toHaveLength(2)
    before.cut()
    const again = await open('ann', before.wsc())
    const known = again.wsc()
    again.cut()
    const last = await open('ann', known)
    expect(last.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await house.text(newGuest(), BILLING, 'live again')
    await expect.poll(() => last.events().length).toBeGreaterThanOrEqual(2)
    expect([...again.events(), ...last.events()].sort()).toEqual([E, T])
  })

  test('is not given the words of a text that was deleted meanwhile', async () => {
    const store = '/restapi/v1.0/account/~/extension/~/message-store'
    const before = await subscribed('bob', [store, `${store}/instant?type=SMS`])
    before.cut()
    const guest = newGuest()
    await house.text(guest, BILLING, 'Never mind')
    const [{ id: threadIds }] = (await house.threads('bob', `&guestPhoneNumber=${encodeURIComponent(guest)}`)) as [Body]
    const { records } = (await house.as('bob', 'GET', `/message-threads/messages?threadIds=${threadIds}`)).body
    await house.as('bob', 'DELETE', '/message-threads/messages', { ids: [records[0].id] })
    const after = await open('bob', before.wsc())
    expect(after.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await house.text(newGuest(), BILLING, 'Live again')
    await expect.poll(() => after.events().some(event => event.includes('instant'))).toBe(true)
    const bodies = after.frames.filter(([meta]) => meta.type === 'ServerNotification').map(([, told]) => told.body)
    expect(bodies.flatMap(body => body.subject ?? [])).toEqual(['Live again'])
    expect(bodies[0].changes).toEqual([{ type: 'SMS', newCount: 0, updatedCount: 1 }])
  })

  test('goes on after the server was stopped and started', { timeout: 30_000 }, async () => {
    const before = await subscribed('ann')
    const known = before.wsc()
    await house.text(newGuest(), BILLING, 'just before')
    await house.restart()
    await expect.poll(() => before.ws.readyState).toBe(WebSocket.CLOSED)
    await house.text(newGuest(), BILLING, 'just after')
    const after = await open('ann', known)
    expect(after.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await expect.poll(() => after.events()).toHaveLength(4)
  })

  test('has failed when it missed more than a hundred notifications, and is told so', { timeout: 60_000 }, async () => {
    const before = await subscribed('ann')
    before.cut()
    for (let at = 0; at < 51; at++) await house.text(newGuest(), BILLING, `text ${at}`)
    const after = await open('ann', before.wsc())
    expect(after.greeting()).toMatchObject({ recoveryState: 'Failed' })
    const made = await after.subscribe([ENTRIES])
    expect(made.id).toEqual(expect.any(String))
    await house.text(newGuest(), BILLING, 'from now on')
    await expect.poll(() => after.events()).toEqual([E])
  })

  test('is nobody else’s to go on with', async () => {
    const before = await subscribed('ann')
    before.cut()
    for (const stranger of ['bob', 'eve'] as const) {
      expect((await open(stranger, before.wsc())).greeting()).toMatchObject({ recoveryState: 'Failed' })
    }
    expect((await open('ann', 'nonsense')).greeting()).toMatchObject({ recoveryState: 'Failed' })
    expect((await open('ann', before.wsc())).greeting()).toMatchObject({ recoveryState: 'Successful' })
  })

  test('belongs to the connection that came last', async () => {
    const before = await subscribed('ann')
    const after = await open('ann', before.wsc())
    expect(after.greeting()).toMatchObject({ recoveryState: 'Successful' })
    await expect.poll(() => before.ws.readyState).toBe(WebSocket.CLOSED)
    await house.text(newGuest(), BILLING, 'to the last')
    await expect.poll(() => after.events()).toHaveLength(2)
    expect(before.events()).toEqual([])
  })
})
