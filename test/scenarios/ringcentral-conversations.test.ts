import { afterAll, beforeAll, expect, test } from 'vitest'
import { BILLING, GUEST, type InboxHouse, openInboxHouse, SUPPORT } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

type Body = Answer['body']

/** Makes a request of the Conversations API; a form is posted. */
async function conversations(path: string, form?: Record<string, string>): Promise<Body> {
  const body = form && new URLSearchParams(form)
  const answer = await house.ask(form ? 'POST' : 'GET', `/conversations/v1/Conversations${path}`, body)
  expect(answer.status).toBeLessThan(300)
  return answer.body
}

async function openThread(guest: string): Promise<Body> {
  const [thread] = await house.threads('ann', `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}`)
  return thread
}

test('a thread that a guest opens is a conversation too, and what is said in either is said in both', async () => {
  await house.text(GUEST, BILLING, 'Hello?')
  const thread = await openThread(GUEST)
  const { conversations: listed } = await conversations('')
  expect(listed).toHaveLength(1)
  const [{ sid }] = listed
  expect(sid).toBe(`CH${thread.id.replaceAll('-', '')}`)
  const { participants } = await conversations(`/${sid}/Participants`)
  expect(participants.map((each: Body) => each.messaging_binding)).toMatchObject([
    { type: 'sms', address: GUEST, proxy_address: BILLING },
  ])

  await house.as('ann', 'POST', `/message-threads/${thread.id}/assign`, { assignee: { extensionId: '101' } })
  await house.as('ann', 'POST', '/message-threads/messages', {
    from: { phoneNumber: BILLING },
    to: [{ phoneNumber: GUEST }],
    text: 'How can I help?',
  })
  await conversations(`/${sid}/Messages`, { Author: 'robot', Body: 'By the way' })
  const { messages } = await conversations(`/${sid}/Messages`)
  expect(messages.map((message: Body) => [message.author, message.body])).toEqual([
    [GUEST, 'Hello?'],
    ['ann', 'How can I help?'],
    ['robot', 'By the way'],
  ])
  const said = await house.as('ann', 'GET', `/message-threads/messages?threadIds=${thread.id}`)
  expect(said.body.records.map((message: Body) => [message.direction, message.author?.name, message.text])).toEqual([
    ['Inbound', undefined, 'Hello?'],
    ['Outbound', 'Ann Lee', 'How can I help?'],
    ['Outbound', undefined, 'By the way'],
  ])
  await house.house.settled()
  expect((await house.phone(GUEST)).map(text => text.body)).toEqual(['Hello?', 'How can I help?', 'By the way'])

  await house.as('bob', 'POST', `/message-threads/${thread.id}/resolve`)
  expect((await conversations(`/${sid}`)).state).toBe('closed')
})

test("a conversation that is opened on a queue's pair is the queue's thread", async () => {
  const guest = '+15557770055'
  const { sid } = await conversations('', { FriendlyName: 'By a program' })
  await conversations(`/${sid}/Participants`, {
    'MessagingBinding.Address': guest,
    'MessagingBinding.ProxyAddress': BILLING,
  })
  const thread = await openThread(guest)
  expect(`CH${thread.id.replaceAll('-', '')}`).toBe(sid)
  expect(thread).toMatchObject({ owner: { extensionId: '201' }, ownerParty: { phoneNumber: BILLING } })
  await house.text(guest, BILLING, 'I am in')
  const entries = await house.as('ann', 'GET', '/message-threads/entries/sync?scope=Unassigned')
  const mine = entries.body.records.filter((entry: Body) => entry.threadId === thread.id)
  expect(mine.map((entry: Body) => entry.recordType)).toEqual(['AliveMessage', 'ThreadCreatedHint'])

  await conversations(`/${sid}`, { State: 'closed' })
  const resolved = await house.as('ann', 'GET', `/message-threads/${thread.id}`)
  expect(resolved.body).toMatchObject({ status: 'Resolved', statusReason: 'Manual' })
})

/** A thread of the queue on the guest's pair, as a conversation with its one participant. */
async function openConversation(guest: string): Promise<{ sid: string; participant: string }> {
  const { sid } = await conversations('', {})
  const binding = { 'MessagingBinding.Address': guest, 'MessagingBinding.ProxyAddress': BILLING }
  return { sid, participant: (await conversations(`/${sid}/Participants`, binding)).sid }
}

test('a conversation whose guest is taken out is resolved; their next text opens another thread', async () => {
  const guest = '+15557770056'
  const { sid, participant } = await openConversation(guest)
  const thread = await openThread(guest)
  await conversations(`/${sid}/Participants`, { Identity: 'robot' })
  expect((await house.ask('DELETE', `/conversations/v1/Conversations/${sid}/Participants/${participant}`)).status).toBe(
    204,
  )
  expect((await conversations(`/${sid}`)).state).toBe('closed')
  const resolved = await house.as('ann', 'GET', `/message-threads/${thread.id}`)
  expect(resolved.body).toMatchObject({ status: 'Resolved', statusReason: 'Manual' })
  await house.text(guest, BILLING, 'Still there?')
  const query = `&guestPhoneNumber=${encodeURIComponent(guest)}`
  const threads = await house.threads('ann', query)
  expect(threads.map((each: Body) => each.status).sort()).toEqual(['Open', 'Resolved'])
})

test('a conversation keeps its guest when somebody else leaves', async () => {
  const guest = '+15557770057'
  const { sid } = await openConversation(guest)
  const { sid: other } = await conversations(`/${sid}/Participants`, { Identity: 'robot' })
  expect((await house.ask('DELETE', `/conversations/v1/Conversations/${sid}/Participants/${other}`)).status).toBe(204)
  expect((await conversations(`/${sid}`)).state).toBe('active')
  expect(await openThread(guest)).toMatchObject({ status: 'Open' })
})

test("a guest cannot be moved to a number that is not the queue's", async () => {
  const guest = '+15557770058'
  const { sid, participant } = await openConversation(guest)
  const path = `/conversations/v1/Conversations/${sid}/Participants/${participant}`
  for (const [number, code] of [
    [SUPPORT, 50441],
    ['null', 50440],
  ] as const) {
    const form = new URLSearchParams({ 'MessagingBinding.ProxyAddress': number })
    const refused = await house.ask('POST', path, form)
    expect([refused.status, refused.body.code]).toEqual([400, code])
  }
  expect(await openThread(guest)).toMatchObject({ status: 'Open', ownerParty: { phoneNumber: BILLING } })
})

test('a program’s answer to a guest comes in the next incremental sync of entries', async () => {
  const guest = '+15557770077'
  await house.text(guest, BILLING, 'Anyone?')
  const { id } = await openThread(guest)
  const full = await house.as('ann', 'GET', `/message-threads/entries/sync?scope=Explicit&threadIds=${id}`)
  await conversations(`/CH${id.replaceAll('-', '')}/Messages`, { Author: 'robot', Body: 'We open at nine' })
  const path = `/message-threads/entries/sync?syncType=ISync&syncToken=${full.body.syncInfo.syncToken}`
  const { records } = (await house.as('ann', 'GET', path)).body
  expect(records).toMatchObject([
    { recordType: 'AliveMessage', threadId: id, direction: 'Outbound', text: 'We open at nine' },
  ])
})

test('a file that a handler sends is known to the media service by its message', async () => {
  const guest = '+15557770078'
  const form = new FormData()
  const json = JSON.stringify({ from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }], text: 'See this' })
  form.append('metadata', new Blob([json], { type: 'application/json' }))
  form.append('attachments', new Blob(['a picture'], { type: 'image/png' }), 'picture.png')
  const sent = await fetch(`${house.url}/restapi/v1.0/account/~/message-threads/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await house.tokenOf('ann')}` },
    body: form,
  })
  expect(sent.status).toBe(201)
  const { threadId } = (await sent.json()) as Body
  const threadSid = `CH${threadId.replaceAll('-', '')}`
  const { messages } = await conversations(`/${threadSid}/Messages`)
  const [{ sid, media }] = messages
  const { chat_service_sid: service } = await conversations(`/${threadSid}`)
  const file = await house.ask('GET', `/mcs/v1/Services/${service}/Media/${media[0].sid}`)
  expect(file.body).toMatchObject({ channel_sid: threadSid, message_sid: sid, filename: 'picture.png', size: 9 })
})

test('a thread is labelled with the last text that is still there, whoever takes texts away', async () => {
  const guest = '+15557770080'
  for (const text of ['one', 'two', 'three', 'four']) await house.text(guest, BILLING, text)
  const { id } = await openThread(guest)
  const sid = `CH${id.replaceAll('-', '')}`
  const [one, two, three, four] = (await house.as('ann', 'GET', `/message-threads/messages?threadIds=${id}`)).body
    .records as [Body, Body, Body, Body]
  const { messages: said } = await conversations(`/${sid}/Messages`)
  let before = ''
  async function labelled(): Promise<string | undefined> {
    const { body } = await house.as('ann', 'GET', `/message-threads/${id}`)
    expect(body.lastModifiedTime > before).toBe(true)
    before = body.lastModifiedTime
    return body.label
  }
  expect(await labelled()).toBe('four')
  await house.as('ann', 'DELETE', '/message-threads/messages', { ids: [four.id, one.id] })
  expect(await labelled()).toBe('three')
  await conversations(`/${sid}/Messages/${said[2].sid}`, { Body: 'III' })
  expect(await labelled()).toBe('III')
  await house.as('ann', 'DELETE', `/extension/~/message-store/${two.id},${three.id}`)
  expect(await labelled()).toBeUndefined()
  await house.as('ann', 'PUT', `/extension/~/message-store/${two.id}`, { availability: 'Alive' })
  expect(await labelled()).toBe('two')
  await house.ask('DELETE', `/conversations/v1/Conversations/${sid}/Messages/${said[1].sid}`)
  expect(await labelled()).toBeUndefined()
  await house.text(guest, BILLING, 'five')
  expect(await labelled()).toBe('five')
  await house.as('ann', 'DELETE', `/message-threads/${id}`)
  expect(await labelled()).toBeUndefined()
})

test('no program makes the last change of a thread earlier', async () => {
  const guest = '+15557770081'
  await house.text(guest, BILLING, 'Hello?')
  const before = await openThread(guest)
  await conversations(`/CH${before.id.replaceAll('-', '')}`, { DateUpdated: '2020-01-01T00:00:00Z' })
  expect((await openThread(guest)).lastModifiedTime > before.lastModifiedTime).toBe(true)
})

test('a thread outlives the service that was the default one when it was opened', async () => {
  const guest = '+15557770079'
  await house.text(guest, BILLING, 'Hello?')
  const thread = await openThread(guest)
  const { chat_service_sid: former } = await conversations(`/CH${thread.id.replaceAll('-', '')}`)
  const service = await house.ask('POST', '/conversations/v1/Services', new URLSearchParams({ FriendlyName: 'New' }))
  const form = new URLSearchParams({ DefaultChatServiceSid: service.body.sid })
  expect((await house.ask('POST', '/conversations/v1/Configuration', form)).status).toBe(200)
  expect((await house.ask('DELETE', `/conversations/v1/Services/${former}`)).status).toBe(204)
  await house.text(guest, BILLING, 'Still there?')
  expect(await openThread(guest)).toMatchObject({ id: thread.id, status: 'Open', availability: 'Alive' })
})
