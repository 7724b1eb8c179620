import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BILLING, GUEST, type InboxHouse, openInboxHouse, SUPPORT } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

type Body = Answer['body']

async function bearer(user: 'ann' | 'eve' = 'ann'): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await house.tokenOf(user)}` }
}

describe('lists', () => {
  const guests = [1, 2, 3, 4, 5].map(at => `+155577900${at}0`)
  let ids: string[] = []

  beforeAll(async () => {
    for (const guest of guests) await house.text(guest, BILLING, `from ${guest}`)
    await house.text(guests[0] ?? '', SUPPORT, 'support, please')
    ids = (await house.threads('bob')).map(thread => thread.id)
  })

  test('come oldest first, page by page', async () => {
    const page = (await house.as('bob', 'GET', '/message-threads?perPage=2&page=2')).body
    expect(page.records.map((thread: Body) => thread.id)).toEqual(ids.slice(2, 4))
    expect(page.paging).toEqual({ perPage: 2, page: 2, pageStart: 2, pageEnd: 3, totalPages: 3, totalElements: 5 })
    expect(Object.keys(page)).toEqual(['records', 'paging'])
    const last = (await house.as('bob', 'GET', '/message-threads?perPage=2&page=3')).body
    expect(last.paging).toMatchObject({ page: 3, pageStart: 4, pageEnd: 4 })
    const beyond = (await house.as('bob', 'GET', '/message-threads?perPage=2&page=4')).body
    expect(beyond).toEqual({ records: [], paging: { perPage: 2, totalPages: 3, totalElements: 5 } })
  })

  test('take filters, empty ones and unknown ones too', async () => {
    const encoded = encodeURIComponent(guests[0] ?? '')
    const count = async (query: string) => (await house.threads('ann', query)).length
    expect(await count('')).toBe(6)
    expect(await count('&threadStatus=&ownerExtensionIds=&recordCount=250&messageType=SMS')).toBe(6)
    expect(await count('&ownerExtensionIds=202')).toBe(1)
    expect(await count('&ownerExtensionIds=201&ownerExtensionIds=202')).toBe(6)
    expect(await count('&ownerExtensionIds=999')).toBe(0)
    expect(await count(`&guestPhoneNumber=${encoded}`)).toBe(2)
    expect(await count(`&guestPhoneNumber=${encoded}&ownerPhoneNumber=${encodeURIComponent(SUPPORT)}`)).toBe(1)
    expect(await count('&threadStatus=Resolved')).toBe(0)
    expect(await count('&availability=Deleted')).toBe(0)
    expect(await count('&availability=Alive&availability=Deleted')).toBe(6)
    expect(await count('&creationTimeFrom=2020-01-01&creationTimeTo=2020-01-02')).toBe(0)
    expect(await count('&creationTimeFrom=2020-01-01T00:00:00%2B02:00')).toBe(6)
    expect(await house.threads('cal')).toHaveLength(1)
    expect(await house.threads('dan')).toHaveLength(0)
    expect(await house.threads('eve')).toHaveLength(0)
  })

  test('name the parameter that they cannot take', async () => {
    for (const [query, name] of [
      ['page=0', 'page'],
      ['page=1001', 'page'],
      ['perPage=x', 'perPage'],
      ['threadStatus=open', 'threadStatus'],
      ['creationTimeFrom=yesterday', 'creationTimeFrom'],
      ['guestPhoneNumber=555', 'guestPhoneNumber'],
      ['availability=Purged', 'availability'],
      [`ownerExtensionIds=${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].join('&ownerExtensionIds=')}`, 'ownerExtensionIds'],
    ]) {
      const answer = await house.as('ann', 'GET', `/message-threads?${query}`)
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({
        errorCode: 'CMN-101',
        message: expect.stringContaining(`[${name}]`),
        errors: [{ errorCode: 'CMN-101', parameterName: name }],
      })
    }
    for (const perPage of ['5000', '50000000000']) {
      expect((await house.as('ann', 'GET', `/message-threads?perPage=${perPage}`)).body.paging.perPage).toBe(1000)
    }
  })

  test.each([
    ['/extension?type=User', 4],
    ['/call-queues?memberExtensionId=101', 2],
    ['/extension/~/phone-number?usageType=DirectNumber', 2],
  ])('of the older kind lead from page to page of what was asked for: %s', async (path, total) => {
    const found: number[] = []
    let next: string | undefined = `${path}&perPage=1`
    while (next) {
      const { body } = await house.as('ann', 'GET', next)
      expect(body.paging.totalElements).toBe(total)
      found.push(body.records[0].id)
      next = body.navigation.nextPage?.uri.replace(/^.*account\/[0-9]+/, '')
    }
    expect(new Set(found).size).toBe(total)
  })

  test('show messages of the last day unless threads or messages are named', async () => {
    await house.advance('PT25H')
    expect((await house.as('bob', 'GET', '/message-threads/messages')).body.records).toEqual([])
    const all = await house.as('bob', 'GET', '/message-threads/messages?creationTimeFrom=2020-01-01&perPage=3')
    expect(all.body.paging.totalElements).toBe(5)
    expect(all.body.records.map((message: Body) => message.threadId)).toEqual(ids.slice(0, 3))
    const [first] = all.body.records
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9]+$/),
      threadId: ids[0],
      availability: 'Alive',
      creationTime: expect.any(String),
      lastModifiedTime: expect.any(String),
      direction: 'Inbound',
      messageStatus: 'Received',
      text: `from ${guests[0]}`,
    })
    const named = await house.as('bob', 'GET', `/message-threads/messages?threadIds=${ids[0]}&threadIds=${ids[1]}`)
    expect(named.body.records).toHaveLength(2)
    const one = await house.as('bob', 'GET', `/message-threads/messages?messageIds=${first.id}`)
    expect(one.body.records).toEqual([first])
    expect((await house.as('cal', 'GET', `/message-threads/messages?messageIds=${first.id}`)).body.records).toEqual([])
  })
})

describe('messages', () => {
  test('are deleted by their ids, all or none', async () => {
    const guest = '+15557790100'
    await house.text(guest, BILLING, 'one')
    await house.text(guest, BILLING, 'two')
    const [thread] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(guest)}`)
    const list = () => house.as('ann', 'GET', `/message-threads/messages?threadIds=${thread.id}`)
    const [one, two] = (await list()).body.records
    const remove = (ids: unknown, by: 'bob' | 'cal' = 'bob') =>
      house.as(by, 'DELETE', '/message-threads/messages', { ids })
    expect((await remove([one.id, '999999999'])).body.errorCode).toBe('CMN-102')
    expect((await remove([one.id], 'cal')).body.errorCode).toBe('CMN-408')
    expect((await remove([])).body.errorCode).toBe('CMN-101')
    expect((await remove('all')).body.errorCode).toBe('CMN-101')
    expect((await list()).body.records).toHaveLength(2)
    expect((await remove([one.id])).status).toBe(204)
    expect((await remove([one.id])).status).toBe(204)
    expect((await list()).body.records).toEqual([two])
    const gone = await house.as('ann', 'GET', `/message-threads/messages?threadIds=${thread.id}&availability=Deleted`)
    expect(gone.body.records).toMatchObject([{ id: one.id, availability: 'Deleted' }])
    expect(gone.body.records[0]).not.toHaveProperty('text')
  })

  test('are checked before they are sent', async () => {
    const good = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: '+15557790110' }], text: 'hi' }
    for (const [wrong, status, code] of [
      [{ text: '' }, 400, 'CMN-101'],
      [{ text: 'x'.repeat(1001) }, 400, 'CMN-101'],
      [{ text: 42 }, 400, 'CMN-101'],
      [{ from: { phoneNumber: 'me' } }, 400, 'CMN-101'],
      [{ from: undefined }, 400, 'CMN-101'],
      [{ to: [] }, 400, 'CMN-101'],
      [{ to: [{ phoneNumber: 'you' }] }, 400, 'CMN-101'],
      [{ to: [good.to[0], good.to[0]] }, 400, 'CMN-406'],
      [{ threadId: 'x' }, 400, 'CMN-101'],
    ] as const) {
      const answer = await house.as('ann', 'POST', '/message-threads/messages', { ...good, ...wrong })
      expect([answer.status, answer.body.errorCode]).toEqual([status, code])
    }
    expect(await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent('+15557790110')}`)).toEqual([])
    const emoji = await house.as('ann', 'POST', '/message-threads/messages', { ...good, text: '😀'.repeat(500) })
    expect(emoji.status).toBe(201)
    const [thread] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent('+15557790110')}`)
    expect(thread.label).toBe('😀'.repeat(100))
  })

  test('may carry files of known types and sizes only', async () => {
    const post = async (...files: Blob[]) => {
      const form = new FormData()
      const message = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: '+15557790120' }], text: 'hi' }
      form.append('json', new Blob([JSON.stringify(message)], { type: 'application/json' }))
      for (const file of files) form.append('attachment', file, 'file')
      const url = `${house.url}/restapi/v1.0/account/~/message-threads/messages`
      const answer = await fetch(url, { method: 'POST', body: form, headers: await bearer() })
      return [answer.status, ((await answer.json()) as Body).errorCode]
    }
    expect(await post(new Blob(['x'], { type: 'application/x-msdownload' }))).toEqual([415, 'MSG-348'])
    expect(await post(new Blob([], { type: 'image/png' }))).toEqual([400, 'MSG-347'])
    expect(
      await post(
        new Blob([Buffer.alloc(800_000)], { type: 'image/png' }),
        new Blob([Buffer.alloc(800_000)], { type: 'image/png' }),
      ),
    ).toEqual([400, 'MSG-337'])
    const image = (size: number) => new Blob([Buffer.alloc(size)], { type: 'image/png' })
    expect(await post(image(1_600_000))).toEqual([400, 'MSG-337'])
    for (const count of [11, 12, 20]) {
      expect(await post(...Array.from({ length: count }, () => image(10)))).toEqual([400, 'MSG-337'])
    }
    expect(await post(new Blob(['BEGIN:VCARD'], { type: 'text/vcard' }))).toEqual([201, undefined])
  })

  test('that cannot be read is the sender’s fault', async () => {
    const post = async (type: string, body: string) => {
      const url = `${house.url}/restapi/v1.0/account/~/message-threads/messages`
      const headers = { ...(await bearer()), 'content-type': type }
      const answer = await fetch(url, { method: 'POST', body, headers })
      return [answer.status, ((await answer.json()) as Body).errorCode]
    }
    const parts = 'multipart/form-data; boundary=part'
    const head = '--part\r\nContent-Disposition: form-data; name="metadata"\r\nContent-Type: application/json\r\n\r\n'
    expect(await post(parts, 'no parts at all')).toEqual([400, 'CMN-104'])
    expect(await post('multipart/form-data', `${head}{}\r\n--part--\r\n`)).toEqual([400, 'CMN-104'])
    expect(await post(parts, `${head}{"from":`)).toEqual([400, 'CMN-104'])
    expect(await post(parts, `${head}{oops\r\n--part--\r\n`)).toEqual([400, 'CMN-103'])
    expect(await post('application/json', '{oops')).toEqual([400, 'CMN-103'])
    expect(await post('application/json', JSON.stringify({ text: 'x'.repeat(10_000_000) }))).toEqual([400, 'MSG-338'])
  })

  test('are refused before they are whole when they have more parts than files may be', async () => {
    const url = `${house.url}/restapi/v1.0/account/~/message-threads/messages`
    const headers = { ...(await bearer()), 'content-type': 'multipart/form-data; boundary=part' }
    const part = '--part\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: image/png\r\n\r\nx\r\n'
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST', headers }, async response => {
        resolve({ status: response.statusCode, text: await text(response) })
        request.destroy()
      })
      request.on('error', reject)
      request.write(part.repeat(20))
    })
    expect([answer.status, JSON.parse(answer.text).errorCode]).toEqual([400, 'MSG-337'])
  })

  test('may carry a file whose name the database cannot hold', async () => {
    const message = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: '+15557790121' }], text: 'hi' }
    const body = [
      '--part',
      'Content-Disposition: form-data; name="json"; filename="message.json"',
      'Content-Type: application/json',
      '',
      JSON.stringify(message),
      '--part',
      `Content-Disposition: form-data; name="attachment"; filename*=UTF-8''a%00b.png`,
      'Content-Type: image/png',
      '',
      'x',
      '--part--',
      '',
    ].join('\r\n')
    const headers = { ...(await bearer()), 'content-type': 'multipart/form-data; boundary=part' }
    const url = `${house.url}/restapi/v1.0/account/~/message-threads/messages`
    const answer = await fetch(url, { method: 'POST', body, headers })
    expect(answer.status).toBe(201)
  })
})

test('ids in capitals mean what they mean in small letters', async () => {
  const guest = '+15557790150'
  await house.text(guest, BILLING, 'hi')
  const [{ id }] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(guest)}`)
  const big = id.toUpperCase()
  const is = async (status: number, method: string, path: string, body?: object): Promise<Body> => {
    const answer = await house.as('ann', method, `/message-threads${path}`, body)
    expect([path, answer.status, answer.body?.errorCode]).toEqual([path, status, undefined])
    return answer.body
  }
  await is(200, 'POST', `/${big}/assign`, { assignee: { extensionId: '101' } })
  const reply = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }], text: 'Yes?', threadId: big }
  expect((await is(201, 'POST', '/messages', reply)).threadId).toBe(id)
  const note = await is(201, 'POST', '/notes', { threadId: big, text: 'Says hi' })
  expect(note.threadId).toBe(id)
  const edited = await is(200, 'PATCH', `/notes/${note.id.toUpperCase()}`, { text: 'Says hello' })
  expect((await is(200, 'GET', `/notes?noteIds=${note.id.toUpperCase()}&noteIds=${note.id}`)).records).toEqual([edited])
  expect((await is(200, 'GET', `/messages?threadIds=${big}`)).records).toHaveLength(2)
  const { records, syncInfo } = await is(200, 'GET', `/entries/sync?scope=Explicit&threadIds=${big}`)
  const small = await is(200, 'GET', `/entries/sync?scope=Explicit&threadIds=${id}`)
  const idsOf = (entries: Body[]) => entries.map(entry => entry.id).sort()
  expect(idsOf(records)).toEqual(idsOf(small.records))
  await is(204, 'DELETE', '/notes', { ids: [note.id.toUpperCase()] })
  const later = await is(200, 'GET', `/entries/sync?syncType=ISync&syncToken=${syncInfo.syncToken}`)
  expect(later.records).toContainEqual(expect.objectContaining({ recordType: 'DeletedNote', id: note.id }))
  expect(await is(200, 'POST', `/${big}/resolve`)).toMatchObject({ id, status: 'Resolved' })
  await is(204, 'DELETE', `/${big}`)
})

describe('notes', () => {
  test('are seen by all handlers, changed by their author, and only while the thread is open', async () => {
    const guest = '+15557790200'
    await house.text(guest, BILLING, 'hi')
    const [{ id: threadId }] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(guest)}`)
    const made = await house.as('ann', 'POST', '/message-threads/notes', { threadId, text: 'Likes tea' })
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      threadId,
      availability: 'Alive',
      creationTime: expect.any(String),
      lastModifiedTime: made.body.creationTime,
      text: 'Likes tea',
      author: { extensionId: '101', name: 'Ann Lee', extensionType: 'User' },
    })
    const path = `/message-threads/notes/${made.body.id}`
    expect((await house.as('bob', 'PATCH', path, { text: 'Likes coffee' })).status).toBe(403)
    expect((await house.as('cal', 'POST', '/message-threads/notes', { threadId, text: 'x' })).status).toBe(403)
    const edited = (await house.as('ann', 'PATCH', path, { text: 'Likes green tea' })).body
    expect(edited).toMatchObject({ text: 'Likes green tea', creationTime: made.body.creationTime })
    expect(edited.lastModifiedTime > made.body.lastModifiedTime).toBe(true)
    const list = (user: 'bob' | 'cal') => house.as(user, 'GET', `/message-threads/notes?threadIds=${threadId}`)
    expect((await list('bob')).body.records).toEqual([edited])
    expect((await list('cal')).body.records).toEqual([])
    expect((await house.as('bob', 'DELETE', '/message-threads/notes', { ids: [made.body.id] })).status).toBe(403)
    await house.as('bob', 'POST', `/message-threads/${threadId}/resolve`)
    expect((await house.as('ann', 'PATCH', path, { text: 'late' })).body.errorCode).toBe('MSG-325')
    expect((await house.as('ann', 'DELETE', '/message-threads/notes', { ids: [made.body.id] })).body.errorCode).toBe(
      'MSG-325',
    )
    expect((await house.as('ann', 'PATCH', '/message-threads/notes/x', { text: 'y' })).body.errorCode).toBe('CMN-102')
    // Guests never see them.
    expect((await house.phone(guest)).map(text => text.body)).toEqual(['hi'])
  })
})

describe('sync tokens', () => {
  async function token(user: 'ann' | 'bob' | 'eve' = 'bob', feed = 'sync'): Promise<string> {
    const full = await house.as(user, 'GET', `/message-threads/${feed}`)
    return full.body.syncInfo.syncToken
  }
  const since = (user: 'ann' | 'bob', syncToken: string, feed = 'sync') =>
    house.as(user, 'GET', `/message-threads/${feed}?syncType=ISync&syncToken=${syncToken}`)

  test('are used again and again, and tell only what changed', async () => {
    const start = await token()
    expect((await since('bob', start)).body.records).toEqual([])
    await house.text('+15557790300', BILLING, 'hi')
    const first = (await since('bob', start)).body
    expect(first.records).toHaveLength(1)
    expect((await since('bob', first.syncInfo.syncToken)).body.records).toEqual([])
    expect((await since('bob', start)).body.records).toEqual(first.records)
  })

  test('that cannot be read are refused by name', async () => {
    for (const wrong of ['', 'xyz', 'e30', '%00', Buffer.from('{"of":"threads"}').toString('base64url')]) {
      const answer = await since('bob', wrong)
      expect([answer.status, answer.body.errorCode]).toEqual([400, 'CMN-101'])
      expect(answer.body.errors[0].parameterName).toBe('syncToken')
    }
  })

  test("of other users, feeds and accounts lead to a full sync, and so does a handler's new queue", async () => {
    const mine = await token()
    for (const answer of [
      await since('ann', mine),
      await since('bob', mine, 'entries/sync'),
      await since('bob', await token('eve')),
      await since('bob', await token('bob', 'entries/sync')),
    ]) {
      expect([answer.status, answer.body.errorCode]).toEqual([400, 'MSG-411'])
    }
    await house.as('ann', 'POST', '/extension/202/sms-recipients/bulk-assign', { addedExtensionIds: ['102'] })
    expect((await since('bob', mine)).body.errorCode).toBe('MSG-411')
    expect((await since('bob', await token())).status).toBe(200)
    await house.as('ann', 'POST', '/extension/202/sms-recipients/bulk-assign', { removedExtensionIds: ['102'] })
    expect((await since('bob', mine)).status).toBe(200)
  })

  test('of entries need threads exactly when the scope is Explicit', async () => {
    const path = '/message-threads/entries/sync'
    const id = '01890000-0000-7000-8000-000000000000'
    expect((await house.as('bob', 'GET', `${path}?scope=Explicit`)).body.errorCode).toBe('CMN-101')
    expect((await house.as('bob', 'GET', `${path}?scope=Accessible&threadIds=${id}`)).body.errorCode).toBe('CMN-101')
    expect((await house.as('bob', 'GET', `${path}?scope=Explicit&threadIds=${id}`)).body.records).toEqual([])
    expect((await house.as('bob', 'GET', `${path}?scope=Everything`)).body.errorCode).toBe('CMN-101')
  })
})

describe('the door', () => {
  test('lets nobody in without a good token, and says why', async () => {
    const path = '/restapi/v1.0/account/~/message-threads'
    const ask = async (authorization: string) => {
      const answer = await house.ask('GET', path, undefined, { authorization })
      return [answer.status, answer.body.errorCode]
    }
    expect(await ask('Basic eDp5')).toEqual([401, 'OAU-134'])
    expect(await ask('Bearer nonsense')).toEqual([401, 'OAU-129'])
    expect(await ask(`Bearer ${'A'.repeat(54)}`)).toEqual([401, 'OAU-213'])
    const bare = await fetch(house.url + path)
    expect([bare.status, ((await bare.json()) as Body).errorCode]).toEqual([401, 'CMN-405'])
  })

  test('keeps accounts apart', async () => {
    const stranger = Buffer.from('AC00000000000000000000000000000002:0123456789abcdef0123456789abcdef').toString(
      'base64',
    )
    const text = { from: GUEST, to: '+15550008000', body: 'for them' }
    await house.ask('POST', '/simulator/messages', text, { authorization: `Basic ${stranger}` })
    const [theirs] = await house.threads('eve')
    expect((await house.as('ann', 'GET', `/message-threads/${theirs.id}`)).status).toBe(404)
    expect((await house.as('ann', 'DELETE', `/message-threads/${theirs.id}`)).status).toBe(404)
    const messages = await house.as('eve', 'GET', `/message-threads/messages?threadIds=${theirs.id}`)
    const { id } = messages.body.records[0]
    expect((await house.as('ann', 'GET', `/message-threads/messages?threadIds=${theirs.id}`)).body.records).toEqual([])
    const other = await house.ask('GET', '/restapi/v1.0/account/400002/message-threads', undefined, await bearer())
    expect([other.status, other.body.errorCode]).toEqual([404, 'CMN-102'])
    const own = await house.ask('GET', '/restapi/v1.0/account/400001/message-threads', undefined, await bearer())
    expect(own.status).toBe(200)
    expect((await house.as('ann', 'GET', `/message-threads/messages/${id}/content/${theirs.id}`)).status).toBe(404)
    expect((await house.as('eve', 'GET', '/extension')).body.records.map((each: Body) => each.name)).toEqual([
      'Eve Roe',
      'Their Queue',
    ])
  })

  test('takes no name for more than it is, and sends codes to no program but one that listens', async () => {
    const basic = (id: string) => `Basic ${Buffer.from(`${id}:app-secret`).toString('base64')}`
    const signIn = (fields: Record<string, string>, authorization = basic('app')) => {
      const form = new URLSearchParams({ grant_type: 'partner_jwt', assertion: 'ann-jwt', ...fields })
      return house.ask('POST', '/restapi/oauth/token', form, { authorization }).then(({ status }) => status)
    }
    expect(await signIn({ grant_type: 'password', username: 'a\0b', password: 'x' })).toBe(400)
    expect(await signIn({ endpoint_id: 'a\0b' })).toBe(200)
    expect(await signIn({}, basic('a\0b'))).toBe(400)
    const sendsTo = async (address: string) => {
      const asked = new URLSearchParams({ response_type: 'code', client_id: 'app', redirect_uri: address })
      return (await house.ask('GET', `/restapi/oauth/authorize?${asked}`)).status
    }
    expect(await sendsTo('http://127.0.0.1:9000/back')).toBe(200)
    expect(await sendsTo('javascript://127.0.0.1/%0aalert(1)')).toBe(400)
  })

  test('minds scopes', async () => {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'ann-jwt',
      scope: 'ReadAccounts Nonsense',
    })
    const basic = { authorization: `Basic ${Buffer.from('app:app-secret').toString('base64')}` }
    const { body } = await house.ask('POST', '/restapi/oauth/token', form, basic)
    expect(body.scope).toBe('ReadAccounts')
    const authorization = `Bearer ${body.access_token}`
    expect((await house.ask('GET', '/restapi/v1.0/account/~', undefined, { authorization })).status).toBe(200)
    const refused = await house.ask('GET', '/restapi/v1.0/account/~/message-threads', undefined, { authorization })
    expect([refused.status, refused.body.errorCode]).toEqual([403, 'CMN-401'])
  })

  test('lets only administrators change who handles what', async () => {
    const change = { addedExtensionIds: ['103'] }
    expect((await house.as('cal', 'POST', '/extension/201/sms-recipients/bulk-assign', change)).status).toBe(403)
    expect((await house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', {})).body.errorCode).toBe(
      'CMN-101',
    )
    expect(
      (await house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', { addedExtensionIds: ['999'] }))
        .status,
    ).toBe(400)
    expect((await house.as('ann', 'POST', '/extension/101/sms-recipients/bulk-assign', change)).status).toBe(403)
    expect((await house.as('cal', 'GET', '/extension/201/sms-recipients')).body.smsRecipients).toHaveLength(2)
  })

  test('answers what is not there, wrong methods, wrong bodies and empty ones', async () => {
    const headers = { ...(await bearer()), 'content-type': 'application/json' }
    const at = (path: string, init: RequestInit = {}) =>
      fetch(`${house.url}/restapi/v1.0/account/~${path}`, { headers, ...init })
    const code = async (answer: Response) => [answer.status, ((await answer.json()) as Body).errorCode]
    expect(await code(await at('/nowhere'))).toEqual([404, 'CMN-120'])
    expect(await code(await at('/message-threads/sync/x/y'))).toEqual([404, 'CMN-120'])
    expect(await code(await at('/message-threads/not-an-id'))).toEqual([404, 'CMN-102'])
    expect((await at('/message-threads', { method: 'PUT', body: '{}' })).status).toBe(405)
    expect(await code(await at('/message-threads/notes', { method: 'POST', body: '{' }))).toEqual([400, 'CMN-103'])
    expect(await code(await at('/message-threads/notes', { method: 'POST', body: '[]' }))).toEqual([400, 'CMN-104'])
    expect(await code(await at('/message-threads/notes', { method: 'POST' }))).toEqual([400, 'CMN-104'])
    const text = { ...headers, 'content-type': 'application/xml' }
    expect(await code(await at('/message-threads/notes', { method: 'POST', body: 'x', headers: text }))).toEqual([
      415,
      'CMN-407',
    ])
    expect((await at('/extension/')).status).toBe(200)
    const limits = await at('')
    expect(limits.headers.get('x-rate-limit-group')).toBe('light')
    expect(limits.headers.get('x-rate-limit-window')).toBe('60')
  })

  test('tells browsers of other origins what they may read', async () => {
    const preflight = await fetch(`${house.url}/restapi/v1.0/account/~`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-headers': 'authorization' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization')
    const answer = await fetch(`${house.url}/restapi/v1.0`, { headers: { origin: 'https://app.example' } })
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-rate-limit-remaining')
  })
})

describe('rate limits', () => {
  test('are kept when they are set', async () => {
    const limited = await openInboxHouse(undefined, { HEDDLE_RINGCENTRAL_LIMITS: 'medium=2,auth=50' })
    try {
      const ask = () => limited.as('ann', 'GET', '/message-threads')
      expect((await ask()).headers.get('x-rate-limit-remaining')).toBe('1')
      expect((await ask()).status).toBe(200)
      const refused = await ask()
      expect([refused.status, refused.body.errorCode]).toEqual([429, 'CMN-301'])
      expect(refused.headers.get('retry-after')).toBe('60')
      expect((await limited.as('bob', 'GET', '/message-threads')).status).toBe(200)
      expect((await limited.as('ann', 'GET', '')).status).toBe(200)
    } finally {
      await limited.close()
    }
  })
})
