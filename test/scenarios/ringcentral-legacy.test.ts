import RingCentral from '@rc-ex/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse, SUPPORT, signedIn, type UserName } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

type Body = Answer['body']
let guests = 0
const newGuest = () => `+1555999${String(++guests).padStart(4, '0')}`

function sms(user: UserName, guest: string, text: string, extension = '~'): Promise<Answer> {
  const body = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }], text }
  return house.as(user, 'POST', `/extension/${extension}/sms`, body)
}

async function store(user: UserName, query = ''): Promise<Body> {
  const answer = await house.as(user, 'GET', `/extension/~/message-store?${query}`)
  expect(answer.status).toBe(200)
  return answer.body
}

async function sync(user: UserName, query: string): Promise<Body> {
  const answer = await house.as(user, 'GET', `/extension/~/message-sync?${query}`)
  expect(answer.status).toBe(200)
  return answer.body
}

const of = (guest: string) => `phoneNumber=${encodeURIComponent(guest)}`

/** Lets receipts arrive. */
async function rest(): Promise<void> {
  await house.house.settled()
  await house.advance('PT1S')
  await house.house.settled()
}

describe('a text sent by the older resource', () => {
  test('goes out, and its state is read by its id', async () => {
    const guest = newGuest()
    const sent = await sms('ann', guest, 'Your order is ready')
    expect(sent.status).toBe(200)
    expect(sent.body).toMatchObject({
      type: 'SMS',
      direction: 'Outbound',
      readStatus: 'Read',
      priority: 'Normal',
      availability: 'Alive',
      subject: 'Your order is ready',
      messageStatus: 'Queued',
      smsSendingAttemptsCount: 1,
      from: { phoneNumber: BILLING, name: 'Billing Queue' },
      to: [{ phoneNumber: guest, messageStatus: 'Queued' }],
      owner: { extensionId: '201', name: 'Billing Queue', extensionType: 'Department' },
    })
    expect(sent.body.id).toBeTypeOf('number')
    await rest()
    expect((await house.phone(guest)).map(each => each.body)).toEqual(['Your order is ready'])
    const read = await house.as('ann', 'GET', `/extension/~/message-store/${sent.body.id}`)
    expect(read.body).toMatchObject({ id: sent.body.id, messageStatus: 'Delivered' })
    expect(read.body.lastModifiedTime > sent.body.lastModifiedTime).toBe(true)
  })

  test('is said in the thread of its pair: it opens one, and answers one that is nobody’s', async () => {
    const first = newGuest()
    await sms('bob', first, 'Hello')
    const [opened] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(first)}`)
    expect(opened.assignee.extensionId).toBe('102')

    const second = newGuest()
    await house.text(second, BILLING, 'Anyone?')
    expect((await sms('bob', second, 'Yes')).status).toBe(200)
    const [claimed] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(second)}`)
    expect(claimed.assignee.extensionId).toBe('102')
    const refused = await sms('ann', second, 'Me too')
    expect([refused.status, refused.body.errorCode]).toEqual([403, 'MSG-427'])
  })

  test('is refused from a number that the user does not handle, and for another user', async () => {
    expect((await sms('cal', newGuest(), 'Hello')).body.errorCode).toBe('MSG-304')
    expect((await sms('ann', newGuest(), 'Hello', '102')).body.errorCode).toBe('CMN-419')
    expect((await sms('ann', newGuest(), 'Hello', '999')).status).toBe(404)
    expect((await sms('ann', newGuest(), 'Hello', '201')).status).toBe(200)
  })

  test('carries files, which the store gives back', async () => {
    const sdk = await signedIn(house, 'ann')
    const guest = newGuest()
    const form = new FormData()
    const json = JSON.stringify({ from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }], text: 'See this' })
    form.append('json', new Blob([json], { type: 'application/json' }), 'request.json')
    form.append('attachment', new Blob(['a picture'], { type: 'image/png' }), 'picture.png')
    const token = (await sdk.platform().auth().data()).access_token
    const response = await fetch(`${house.url}/restapi/v1.0/account/~/extension/~/mms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    })
    expect(response.status).toBe(200)
    const { attachments } = (await response.json()) as Body
    expect(attachments).toMatchObject([
      { type: 'Text', contentType: 'text/plain' },
      { type: 'MmsAttachment', contentType: 'image/png', size: 9, fileName: 'picture.png' },
    ])
    const [text, file] = attachments
    expect(await (await sdk.platform().get(text.uri)).text()).toBe('See this')
    const got = await sdk.platform().get(file.uri)
    expect([got.headers.get('content-type'), await got.text()]).toEqual(['image/png', 'a picture'])
    const wrong = await house.as('ann', 'GET', `/extension/~/message-store/${text.id}/content/${file.id + 1}`)
    expect(wrong.status).toBe(404)
  })
})

describe('the message store', () => {
  test('lists the texts of the queues that a user handles, newest first, of the last day', async () => {
    const guest = newGuest()
    await house.text(guest, BILLING, 'one')
    await sms('ann', guest, 'two')
    await house.text(guest, BILLING, 'three')
    const { records, paging, navigation, uri } = await store('ann', of(guest))
    expect(records.map((each: Body) => [each.direction, each.subject, each.readStatus])).toEqual([
      ['Inbound', 'three', 'Unread'],
      ['Outbound', 'two', 'Read'],
      ['Inbound', 'one', 'Unread'],
    ])
    expect(new Set(records.map((each: Body) => each.conversationId)).size).toBe(1)
    expect(paging).toMatchObject({ page: 1, totalElements: 3 })
    expect(navigation.firstPage.uri).toBe(uri)
    expect((await store('cal', of(guest))).records).toEqual([])
    await house.advance('PT25H')
    expect((await store('ann', of(guest))).records).toEqual([])
    expect((await store('ann', `${of(guest)}&dateFrom=2020-01-01`)).records).toHaveLength(3)
  })

  test('filters by direction, type, conversation, owner and reading, and shows the last of each conversation', async () => {
    const guest = newGuest()
    await house.text(guest, BILLING, 'mine')
    await sms('ann', guest, 'yours')
    const other = newGuest()
    await house.text(other, SUPPORT, 'theirs')
    const subjects = async (query: string) =>
      (await store('ann', query)).records.map((each: Body) => each.subject).sort()
    expect(await subjects(`${of(guest)}&direction=Inbound`)).toEqual(['mine'])
    expect(await subjects(`${of(guest)}&direction=Inbound&direction=Outbound&messageType=SMS`)).toEqual([
      'mine',
      'yours',
    ])
    expect(await subjects(`${of(guest)}&messageType=Fax`)).toEqual([])
    expect(await subjects(`${of(guest)}&owner=Personal`)).toEqual([])
    expect(await subjects(`${of(guest)}&owner=Shared`)).toEqual(['mine', 'yours'])
    expect(await subjects(`${of(guest)}&owner=201`)).toEqual(['mine', 'yours'])
    expect(await subjects(`${of(guest)}&owner=202`)).toEqual([])
    expect(await subjects(`${of(guest)}&distinctConversations=true`)).toEqual(['yours'])
    expect(await subjects(`${of(guest)}&readStatus=Unread`)).toEqual(['mine'])
    const [{ conversationId }] = (await store('ann', of(other))).records
    expect(await subjects(`conversationId=${conversationId}`)).toEqual(['theirs'])
    expect(await subjects(`${of(other)}&conversationId=`)).toEqual(['theirs'])
    expect(await subjects('conversationId=0')).toEqual([])
    expect(await subjects(`${of(SUPPORT)}&dateFrom=2020-01-01`)).toEqual(['theirs'])
    expect(await subjects(`${of(BILLING)}&owner=202&dateFrom=2020-01-01`)).toEqual([])
    expect(await subjects(`${of(BILLING)}&conversationId=${conversationId}`)).toEqual([])
    const ofBilling = await store('ann', `${of(BILLING)}&perPage=1`)
    expect(ofBilling.records[0]).toMatchObject({ subject: 'yours' })
    expect(ofBilling.paging.totalElements).toBe((await store('bob', of(BILLING))).paging.totalElements)
    const queue = await house.as('ann', 'GET', `/extension/202/message-store?${of(other)}`)
    expect(queue.body.records).toHaveLength(1)
    expect((await house.as('bob', 'GET', '/extension/202/message-store')).status).toBe(403)
  })

  test('keeps what each user has read', async () => {
    const guest = newGuest()
    await house.text(guest, BILLING, 'first')
    await house.text(guest, BILLING, 'second')
    const [second, first] = (await store('ann', of(guest))).records
    const path = `/extension/~/message-store/${second.id}`
    const read = await house.as('ann', 'PUT', path, { readStatus: 'Read' })
    expect(read.body).toMatchObject({ id: second.id, readStatus: 'Read' })
    const states = async (user: UserName) => (await store(user, of(guest))).records.map((each: Body) => each.readStatus)
    expect(await states('ann')).toEqual(['Read', 'Unread'])
    expect(await states('bob')).toEqual(['Unread', 'Unread'])
    await house.as('ann', 'PUT', path, { readStatus: 'Unread' })
    await house.as('ann', 'PATCH', `/extension/~/message-store/${first.id}`, { readStatus: 'Read' })
    expect(await states('ann')).toEqual(['Unread', 'Read'])
    expect((await house.as('ann', 'PUT', path, { readStatus: 'Half' })).body.errorCode).toBe('CMN-101')
    expect((await house.as('cal', 'PUT', path, { readStatus: 'Read' })).status).toBe(404)
  })

  test('deletes, brings back, and purges for good', async () => {
    const guest = newGuest()
    await house.text(guest, BILLING, 'now you see me')
    const [{ id }] = (await store('ann', of(guest))).records
    const path = `/extension/~/message-store/${id}`
    const listed = async (query: string) => (await store('ann', `${of(guest)}${query}`)).records.length
    expect((await house.as('ann', 'DELETE', path)).status).toBe(204)
    expect([await listed(''), await listed('&availability=Deleted')]).toEqual([0, 1])
    expect((await house.as('ann', 'GET', path)).body).toMatchObject({ availability: 'Deleted', attachments: [] })
    const back = await house.as('ann', 'PATCH', path, { availability: 'Alive' })
    expect(back.body).toMatchObject({ availability: 'Alive', subject: 'now you see me' })
    expect(await listed('')).toBe(1)
    await house.as('ann', 'DELETE', path)
    await house.as('ann', 'DELETE', path)
    expect([await listed('&availability=Deleted'), await listed('&availability=Purged')]).toEqual([0, 1])
    expect((await house.as('ann', 'PATCH', path, { availability: 'Alive' })).status).toBe(404)

    await house.text(guest, BILLING, 'at once')
    const [other] = (await store('ann', of(guest))).records
    await house.as('ann', 'DELETE', `/extension/~/message-store/${other.id}?purge=true`)
    expect(await listed('&availability=Purged')).toBe(2)

    for (const text of ['a', 'b', 'c']) await house.text(guest, BILLING, text)
    const ids = (await store('ann', of(guest))).records.map((each: Body) => each.id)
    await house.as('ann', 'DELETE', `/extension/~/message-store/${ids[0]},${ids[1]}`)
    await house.as('ann', 'DELETE', '/extension/~/message-store/*', [String(ids[2])])
    expect([await listed(''), await listed('&availability=Deleted')]).toEqual([0, 3])
    expect((await house.as('ann', 'DELETE', '/extension/~/message-store/*')).status).toBe(400)
  })

  test('needs the scopes that RingCentral asks for', async () => {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'ann-jwt',
      scope: 'SMS',
    })
    const basic = `Basic ${Buffer.from('app:app-secret').toString('base64')}`
    const { body } = await house.ask('POST', '/restapi/oauth/token', form, { authorization: basic })
    const authorization = `Bearer ${body.access_token}`
    for (const path of ['message-store', 'message-sync']) {
      const answer = await house.ask('GET', `/restapi/v1.0/account/~/extension/~/${path}`, undefined, { authorization })
      expect([answer.status, answer.body.errorCode]).toEqual([403, 'CMN-401'])
    }
  })
})

describe('the older feed', () => {
  test('gives the newest first, and then what changed', async () => {
    const guest = newGuest()
    await house.text(guest, BILLING, 'before')
    const full = await sync('ann', 'syncType=FSync&messageType=SMS')
    expect(full.syncInfo).toMatchObject({ syncType: 'FSync', olderRecordsExist: false })
    const [newest] = full.records
    expect(newest).toMatchObject({ subject: 'before', readStatus: 'Unread' })

    const next = (token: string) => sync('ann', `syncType=ISync&syncToken=${token}`)
    expect((await next(full.syncInfo.syncToken)).records).toEqual([])
    await house.text(guest, BILLING, 'after')
    await house.text(newGuest(), SUPPORT, 'elsewhere')
    const changes = await next(full.syncInfo.syncToken)
    expect(changes.records.map((each: Body) => each.subject)).toEqual(['elsewhere', 'after'])
    expect(changes.syncInfo.syncType).toBe('ISync')

    await house.as('bob', 'PUT', `/extension/~/message-store/${newest.id}`, { readStatus: 'Read' })
    expect((await next(changes.syncInfo.syncToken)).records).toEqual([])
    await house.as('ann', 'PUT', `/extension/~/message-store/${newest.id}`, { readStatus: 'Read' })
    await house.as('ann', 'DELETE', `/extension/~/message-store/${changes.records[1].id}`)
    const later = await next(changes.syncInfo.syncToken)
    expect(later.records.map((each: Body) => [each.id, each.readStatus, each.availability])).toEqual(
      expect.arrayContaining([
        [newest.id, 'Read', 'Alive'],
        [changes.records[1].id, 'Unread', 'Deleted'],
      ]),
    )
    expect(later.records).toHaveLength(2)

    const [thread] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(guest)}`)
    await house.as('ann', 'DELETE', `/message-threads/${thread.id}`)
    const gone = await next(later.syncInfo.syncToken)
    expect(gone.records.map((each: Body) => each.availability)).toEqual(['Deleted', 'Deleted'])
  })

  test('says when there is more, and keeps its filters in the token', async () => {
    const guest = newGuest()
    await house.text(guest, BILLING, 'in')
    await sms('ann', guest, 'out')
    const one = await sync('ann', 'recordCount=1&direction=Outbound')
    expect(one.records.map((each: Body) => each.subject)).toEqual(['out'])
    expect(one.syncInfo.olderRecordsExist).toBe(true)
    await house.text(guest, BILLING, 'in again')
    await sms('ann', guest, 'out again')
    const changes = await sync('ann', `syncType=ISync&syncToken=${one.syncInfo.syncToken}`)
    const subjects = changes.records.map((each: Body) => each.subject)
    expect(subjects).toContain('out again')
    expect(subjects).not.toContain('in again')
  })

  test('refuses tokens that are none, or another’s', async () => {
    const { syncInfo } = await sync('bob', 'syncType=FSync')
    for (const token of ['', 'nonsense', syncInfo.syncToken]) {
      const answer = await house.as('ann', 'GET', `/extension/~/message-sync?syncType=ISync&syncToken=${token}`)
      expect([answer.status, answer.body.errorCode]).toEqual([400, 'MSG-333'])
    }
  })
})

test('@rc-ex/core texts, reads its store and syncs', async () => {
  const rc = new RingCentral({ server: house.url, clientId: 'app', clientSecret: 'app-secret' })
  await rc.authorize({ jwt: 'ann-jwt' })
  const extension = rc.restapi().account().extension()
  const guest = newGuest()
  const sent = await extension
    .sms()
    .post({ from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }], text: 'by rc-ex' })
  expect(sent).toMatchObject({ direction: 'Outbound', subject: 'by rc-ex' })
  await house.text(guest, BILLING, 'back')
  const list = await extension.messageStore().list({ phoneNumber: guest, messageType: ['SMS'] })
  expect(list.records?.map(each => each.subject)).toEqual(['back', 'by rc-ex'])
  const message = extension.messageStore(String(list.records?.[0]?.id))
  expect(await message.put({ readStatus: 'Read' })).toMatchObject({ readStatus: 'Read' })
  expect(await message.get()).toMatchObject({ readStatus: 'Read', subject: 'back' })
  const feed = await extension.messageSync().get({ syncType: 'FSync' })
  expect(feed.records?.[0]).toMatchObject({ subject: 'back' })
  await message.delete([])
  expect(await message.get()).toMatchObject({ availability: 'Deleted' })
})
