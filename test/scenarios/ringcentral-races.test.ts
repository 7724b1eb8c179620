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
