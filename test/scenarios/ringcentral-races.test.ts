import { afterAll, beforeAll, expect, test } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse } from '../support/inbox-house.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

type Body = Answer['body']
const ROUNDS = 12
let guests = 0

function newGuest(): string {
  guests += 1
  return `+1555776${String(guests).padStart(4, '0')}`
}

function threadsOf(guest: string): Promise<Body[]> {
  return house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(guest)}`)
}

function send(by: 'ann' | 'bob', to: string): Promise<Answer> {
  const body = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: to }], text: `by ${by}` }
  return house.as(by, 'POST', '/message-threads/messages', body)
}

test('texts that come at once open one thread', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const guest = newGuest()
    await Promise.all(['one', 'two', 'three'].map(body => house.text(guest, BILLING, body)))
    expect(await threadsOf(guest)).toHaveLength(1)
  }
})

test('of two handlers who text first at once, one has the thread and the other is refused', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const guest = newGuest()
    const answers = await Promise.all([send('ann', guest), send('bob', guest)])
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 403])
    const [thread, ...more] = await threadsOf(guest)
    expect(more).toEqual([])
    expect(thread.assignee.name).toBe(answers[0].status === 201 ? 'Ann Lee' : 'Bob Ray')
    await house.house.settled()
    expect(await house.phone(guest)).toHaveLength(1)
  }
})

test("a handler's first text and a guest's, at once, share one thread or the handler is refused", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const guest = newGuest()
    const [sent] = await Promise.all([send('ann', guest), house.text(guest, BILLING, 'Hello?')])
    const [thread, ...more] = await threadsOf(guest)
    expect(more).toEqual([])
    expect(thread.assignee?.extensionId).toBe(sent.status === 201 ? '101' : undefined)
  }
})

test('of two handlers who take a thread at once, both are told the truth about it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const guest = newGuest()
    await house.text(guest, BILLING, 'Hello?')
    const [{ id }] = await threadsOf(guest)
    const take = (by: 'ann' | 'bob', extensionId: string) =>
      house.as(by, 'POST', `/message-threads/${id}/assign`, { assignee: { extensionId } })
    // Each gives it to the other: the second to come finds it assigned to himself, and may do so; or it is not his.
    const answers = await Promise.all([take('ann', '102'), take('bob', '101')])
    const [thread] = await threadsOf(guest)
    expect(answers.every(answer => answer.status === 200 || answer.body.errorCode === 'CMN-408')).toBe(true)
    const entries = await house.as('ann', 'GET', `/message-threads/entries/sync?scope=Explicit&threadIds=${id}`)
    const [last] = entries.body.records
    expect(last).toMatchObject({ recordType: 'ThreadAssignedHint', assignee: thread.assignee })
  }
})

test('of many assignments at once, each is judged for itself', async () => {
  const guestsOf = Array.from({ length: 8 }, newGuest)
  for (const guest of guestsOf) await house.text(guest, BILLING, 'Hello?')
  const ids: string[] = []
  for (const guest of guestsOf) ids.push((await threadsOf(guest))[0].id)
  await house.as('ann', 'POST', `/message-threads/${ids[3]}/resolve`)
  await house.as('ann', 'POST', `/message-threads/${ids[4]}/assign`, { assignee: { extensionId: '101' } })
  const token = (await house.as('ann', 'GET', '/message-threads/sync')).body.syncInfo.syncToken
  const assign = (by: 'bob' | 'cal', id: string | undefined, extensionId = '102') =>
    house.as(by, 'POST', `/message-threads/${id}/assign`, { assignee: { extensionId } })

  const answers = await Promise.all([
    assign('bob', ids[0]),
    assign('cal', ids[1]),
    assign('bob', ids[2], '103'),
    assign('bob', ids[3]),
    assign('bob', ids[4], '101'),
    assign('bob', ids[5], '101'),
    assign('bob', '00000000-0000-4000-8000-000000000000'),
    assign('bob', ids[6]),
    assign('bob', ids[7]),
    assign('bob', ids[7], '102'),
  ])

  expect(answers.map(answer => answer.status)).toEqual([200, 403, 400, 403, 200, 200, 404, 200, 200, 200])
  const told = await house.as('ann', 'GET', `/message-threads/sync?syncType=ISync&syncToken=${token}`)
  const assignees = told.body.records.map((thread: Body) => [thread.id, thread.assignee?.extensionId])
  expect(Object.fromEntries(assignees)).toEqual({
    [String(ids[0])]: '102',
    [String(ids[5])]: '101',
    [String(ids[6])]: '102',
    [String(ids[7])]: '102',
  })
})

test('a reply that crosses a resolve lands in that thread, or opens the next', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const guest = newGuest()
    const first = (await send('ann', guest)).body
    const [reply, resolved] = await Promise.all([
      send('ann', guest),
      house.as('bob', 'POST', `/message-threads/${first.threadId}/resolve`),
    ])
    expect([reply.status, resolved.status]).toEqual([201, 200])
    const threads = await threadsOf(guest)
    expect(threads.filter(thread => thread.status === 'Open')).toHaveLength(
      reply.body.threadId === first.threadId ? 0 : 1,
    )
    expect(threads.map(thread => thread.id)).toContain(reply.body.threadId)
  }
})

test("a guest's text that crosses a resolve is never lost", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const guest = newGuest()
    const { threadId } = (await send('ann', guest)).body
    await Promise.all([
      house.text(guest, BILLING, 'Wait!'),
      house.as('ann', 'POST', `/message-threads/${threadId}/resolve`),
    ])
    const ids = (await threadsOf(guest)).map(thread => `threadIds=${thread.id}`).join('&')
    const messages = await house.as('ann', 'GET', `/message-threads/messages?${ids}`)
    expect(messages.body.records.map((message: Body) => message.text)).toEqual(['by ann', 'Wait!'])
  }
})
