import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse, SUPPORT, type UserName } from '../support/inbox-house.ts'
import { openRawSocket } from '../support/raw-socket.ts'
import type { Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

let guests = 0
/** A guest of whom no thread is known. */
function newGuest(): string {
  guests += 1
  return `+1555778${String(guests).padStart(4, '0')}`
}

type Body = Answer['body']

async function openThreadOf(guest: string, number = BILLING): Promise<Body> {
  const query = `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}&ownerPhoneNumber=${encodeURIComponent(number)}`
  const found = await house.threads('ann', query)
  expect(found.length).toBeLessThan(2)
  return found[0]
}

/** A thread that a guest's text opened; assigned when a handler is named. */
async function openedThread(assignee?: UserName, number = BILLING): Promise<{ id: string; guest: string }> {
  const guest = newGuest()
  await house.text(guest, number, 'Hello?')
  const { id } = await openThreadOf(guest, number)
  if (assignee) expect((await assign(assignee, id, assignee)).status).toBe(200)
  return { id, guest }
}

/** Receipts follow within 100 ms, on a quiet machine. */
const RECEIPT_WAIT = { timeout: 10_000, interval: 50 }
const EXTENSIONS = { ann: '101', bob: '102', cal: '103', dan: '104', eve: '101' } as const

function assign(by: UserName, id: string, to: UserName | null): Promise<Answer> {
  const assignee = to === null ? null : { extensionId: EXTENSIONS[to] }
  return house.as(by, 'POST', `/message-threads/${id}/assign`, { assignee })
}

function send(by: UserName, to: string, text = 'Hi there', more: object = {}): Promise<Answer> {
  const body = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: to }], text, ...more }
  return house.as(by, 'POST', '/message-threads/messages', body)
}

function read(by: UserName, id: string): Promise<Answer> {
  return house.as(by, 'GET', `/message-threads/${id}`)
}

/** `[kind, initiator, assignee, previous]` of a thread's history, first line first. */
async function historyOf(id: string): Promise<unknown[]> {
  const entries = await house.as('ann', 'GET', `/message-threads/entries/sync?scope=Explicit&threadIds=${id}`)
  return entries.body.records
    .filter((entry: Body) => entry.recordType.endsWith('Hint'))
    .reverse()
    .map((hint: Body) => [
      hint.recordType.replace(/^Thread|Hint$/g, ''),
      hint.initiator?.extensionId ?? null,
      hint.assignee?.extensionId ?? null,
      hint.previousAssignee?.extensionId ?? null,
    ])
}

describe('a thread is opened', () => {
  test('by the first text of a handler, and is assigned to him', async () => {
    const guest = newGuest()
    const sent = await send('ann', guest, 'Your order is ready.')
    expect(sent.status).toBe(201)
    expect(sent.body).toMatchObject({
      recordType: 'AliveMessage',
      direction: 'Outbound',
      messageStatus: 'Queued',
      text: 'Your order is ready.',
      author: { extensionId: '101', name: 'Ann Lee', extensionType: 'User' },
    })
    const thread = await openThreadOf(guest)
    expect(thread).toMatchObject({
      id: sent.body.threadId,
      assignee: { extensionId: '101' },
      label: 'Your order is ready.',
    })
    expect(await historyOf(thread.id)).toEqual([
      ['Created', '101', null, null],
      ['Assigned', '101', '101', null],
    ])
    await house.house.settled()
    expect((await house.phone(guest)).map(text => text.body)).toEqual(['Your order is ready.'])
  })

  test('by the first text of a guest, and has no assignee', async () => {
    const { id } = await openedThread()
    expect((await read('ann', id)).body).not.toHaveProperty('assignee')
    expect(await historyOf(id)).toEqual([['Created', null, null, null]])
  })

  test("by a handler's text when the last one is resolved", async () => {
    const { id, guest } = await openedThread('ann')
    await house.as('ann', 'POST', `/message-threads/${id}/resolve`)
    const sent = await send('bob', guest)
    expect(sent.body.threadId).not.toBe(id)
    expect((await openThreadOf(guest)).assignee).toMatchObject({ extensionId: '102' })
    expect((await read('ann', id)).body.status).toBe('Resolved')
  })

  test("by a guest's text when the last one is resolved", async () => {
    const { id, guest } = await openedThread('ann')
    await house.as('ann', 'POST', `/message-threads/${id}/resolve`)
    await house.text(guest, BILLING, 'One more thing')
    const next = await openThreadOf(guest)
    expect(next.id).not.toBe(id)
    expect(next).not.toHaveProperty('assignee')
  })

  test('for each pair apart, and never twice for one', async () => {
    const { id, guest } = await openedThread()
    await house.text(guest, BILLING, 'Anybody there?')
    expect((await openThreadOf(guest)).id).toBe(id)
    await house.text(guest, SUPPORT, 'Hello, support')
    expect((await openThreadOf(guest, SUPPORT)).id).not.toBe(id)
  })

  test('unassigned by what a program texts through the Messages API', async () => {
    const guest = newGuest()
    const body = new URLSearchParams({ From: BILLING, To: guest, Body: 'Your invoice' })
    const made = await house.ask('POST', '/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json', body)
    expect(made.status).toBe(201)
    const thread = await openThreadOf(guest)
    expect(thread).toMatchObject({ label: 'Your invoice' })
    expect(thread).not.toHaveProperty('assignee')
    await house.house.settled()
    await house.text(guest, BILLING, 'Thanks')
    await vi.waitFor(async () => {
      const messages = await house.as('ann', 'GET', `/message-threads/messages?threadIds=${thread.id}`)
      expect(
        messages.body.records.map((message: Body) => [message.direction, message.text, message.messageStatus]),
      ).toEqual([
        ['Outbound', 'Your invoice', 'Delivered'],
        ['Inbound', 'Thanks', 'Received'],
      ])
    }, RECEIPT_WAIT)
    expect((await house.phone(guest)).map(text => text.body)).toEqual(['Your invoice', 'Thanks'])
  })
})

describe('a thread is resolved', () => {
  test('by its assignee', async () => {
    const { id } = await openedThread('ann')
    const resolved = await house.as('ann', 'POST', `/message-threads/${id}/resolve`)
    expect(resolved.body).toMatchObject({ status: 'Resolved', statusReason: 'Manual' })
    expect(resolved.body).not.toHaveProperty('assignee')
    expect((await historyOf(id)).at(-1)).toEqual(['Resolved', '101', null, null])
  })

  test('by another handler, though it is not his', async () => {
    const { id } = await openedThread('ann')
    expect((await house.as('bob', 'POST', `/message-threads/${id}/resolve`, {})).body.status).toBe('Resolved')
  })

  test('by nobody who handles no texts of its owner', async () => {
    const { id } = await openedThread()
    expect((await house.as('cal', 'POST', `/message-threads/${id}/resolve`)).body.errorCode).toBe('CMN-408')
    expect((await house.as('eve', 'POST', `/message-threads/${id}/resolve`)).status).toBe(404)
    expect((await read('ann', id)).body.status).toBe('Open')
  })

  test('by itself after 72 hours without a message, of which any restarts the count', async () => {
    const { id, guest } = await openedThread('ann')
    await house.advance('PT71H')
    await house.text(guest, BILLING, 'Still waiting')
    await house.advance('PT71H59M')
    expect((await read('ann', id)).body.status).toBe('Open')
    await send('ann', guest, 'So sorry')
    await house.advance('PT71H59M')
    expect((await read('ann', id)).body.status).toBe('Open')
    await house.advance('PT2M')
    const expired = (await read('ann', id)).body
    expect(expired).toMatchObject({ status: 'Resolved', statusReason: 'ThreadExpired' })
    expect(expired).not.toHaveProperty('assignee')
    expect((await historyOf(id)).at(-1)).toEqual(['Resolved', null, null, null])
    await house.text(guest, BILLING, 'Hello again')
    expect((await openThreadOf(guest)).id).not.toBe(id)
  })

  test("after its queue's own time", async () => {
    const { id } = await openedThread(undefined, SUPPORT)
    await house.advance('PT1H59M')
    expect((await read('ann', id)).body.status).toBe('Open')
    await house.advance('PT2M')
    expect((await read('ann', id)).body.statusReason).toBe('ThreadExpired')
  })

  test('once: nothing reopens it, and nothing is done with it but reading and deleting', async () => {
    const { id, guest } = await openedThread('ann')
    await house.as('ann', 'POST', `/message-threads/${id}/resolve`)
    for (const answer of [
      await house.as('ann', 'POST', `/message-threads/${id}/resolve`),
      await assign('ann', id, 'ann'),
      await house.as('ann', 'POST', '/message-threads/notes', { threadId: id, text: 'late' }),
    ]) {
      expect([answer.status, answer.body.errorCode]).toEqual([403, 'MSG-325'])
    }
    const named = await send('ann', guest, 'hi', { threadId: id })
    expect([named.status, named.body.errorCode]).toEqual([400, 'CMN-101'])
    await house.text(guest, BILLING, 'Me again')
    expect((await read('ann', id)).body.status).toBe('Resolved')
    expect((await house.as('bob', 'DELETE', `/message-threads/${id}`)).status).toBe(204)
  })
})

/** Who may assign what: of Billing, which ann and bob handle, and of Support, where anyone reassigns. */
describe('a thread is assigned', () => {
  const rules: [string, UserName | null, UserName, UserName | null, string | null][] = [
    ['by any handler to himself while it has no assignee', null, 'bob', 'bob', null],
    ['by any handler to another while it has no assignee', null, 'bob', 'ann', null],
    ['by its assignee to another handler', 'ann', 'ann', 'bob', null],
    ['by its assignee to nobody', 'ann', 'ann', null, null],
    ['by another handler to himself', 'ann', 'bob', 'bob', null],
    ['by another handler to nobody: refused', 'ann', 'bob', null, 'CMN-408'],
    ['by somebody who is no handler: refused', null, 'cal', 'cal', 'CMN-408'],
    ['to somebody who is no handler: refused', null, 'ann', 'dan', 'CMN-101'],
    ["by another account's user: refused", null, 'eve', 'eve', 'CMN-102'],
  ]
  for (const [name, before, by, to, refusal] of rules) {
    test(name, async () => {
      const { id } = await openedThread(before ?? undefined)
      const answer = await assign(by, id, to)
      expect(answer.body.errorCode ?? null).toBe(refusal)
      const after = (await read('ann', id)).body.assignee?.extensionId ?? null
      const expected = refusal ? before : to
      expect(after).toBe(expected && EXTENSIONS[expected])
    })
  }

  test('by a third handler from one to another only where anyone reassigns', async () => {
    const billing = await openedThread('ann')
    await house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', { addedExtensionIds: ['104'] })
    expect((await assign('dan', billing.id, 'bob')).body.errorCode).toBe('CMN-408')
    expect((await assign('dan', billing.id, 'dan')).status).toBe(200)
    await house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', { removedExtensionIds: ['104'] })
    const support = await openedThread('ann', SUPPORT)
    await house.as('ann', 'POST', '/extension/202/sms-recipients/bulk-assign', { addedExtensionIds: ['104'] })
    expect((await assign('dan', support.id, 'cal')).body.assignee.extensionId).toBe('103')
    await house.as('ann', 'POST', '/extension/202/sms-recipients/bulk-assign', { removedExtensionIds: ['104'] })
  })

  test('to whom it is already without any change', async () => {
    const { id } = await openedThread('ann')
    const before = (await read('ann', id)).body
    expect((await assign('bob', id, 'ann')).body).toEqual(before)
    expect(await historyOf(id)).toHaveLength(2)
  })

  test('with the history of each step', async () => {
    const { id } = await openedThread()
    await assign('ann', id, 'bob')
    await assign('bob', id, 'ann')
    await assign('ann', id, null)
    expect((await historyOf(id)).slice(1)).toEqual([
      ['Assigned', '101', '102', null],
      ['Assigned', '102', '101', '102'],
      ['Assigned', '101', null, '101'],
    ])
  })

  test('to nobody when its assignee handles no texts of the queue any more', async () => {
    await house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', { addedExtensionIds: ['104'] })
    const { id } = await openedThread('dan')
    await house.as('ann', 'POST', '/extension/201/sms-recipients/bulk-assign', { removedExtensionIds: ['104'] })
    expect((await read('ann', id)).body).not.toHaveProperty('assignee')
    expect((await historyOf(id)).at(-1)).toEqual(['Assigned', null, null, '104'])
    expect((await read('dan', id)).status).toBe(403)
  })
})

describe('a thread is answered', () => {
  test('by its assignee alone', async () => {
    const { id, guest } = await openedThread('ann')
    const refused = await send('bob', guest)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ errorCode: 'MSG-427', errors: [{ errorCode: 'MSG-427', extensionId: '102' }] })
    expect((await send('ann', guest)).body.threadId).toBe(id)
    expect((await send('ann', guest, 'By its id', { threadId: id })).body.threadId).toBe(id)
  })

  test('by nobody while it has no assignee', async () => {
    const { guest } = await openedThread()
    expect((await send('ann', guest)).body.errorCode).toBe('MSG-427')
  })

  test('from no number but those of the queues one handles', async () => {
    const guest = newGuest()
    expect((await send('cal', guest)).body.errorCode).toBe('MSG-304')
    expect((await send('ann', guest, 'x', { from: { phoneNumber: '+15550001000' } })).body.errorCode).toBe('MSG-304')
    expect((await send('ann', guest, 'x', { from: { phoneNumber: '+15550008000' } })).body.errorCode).toBe('MSG-304')
    expect((await send('eve', guest)).body.errorCode).toBe('MSG-304')
  })

  test('in the thread that is named only if it is of that pair', async () => {
    const one = await openedThread('ann')
    const other = await openedThread('ann')
    expect((await send('ann', one.guest, 'x', { threadId: other.id })).body.errorCode).toBe('CMN-101')
    const nowhere = '01890000-0000-7000-8000-000000000000'
    expect((await send('ann', one.guest, 'x', { threadId: nowhere })).body.errorCode).toBe('CMN-102')
  })

  test('to several guests at once, each in a thread of their own, all or none', async () => {
    const [one, two] = [newGuest(), newGuest()]
    const busy = await openedThread('bob')
    const to = (...guests: string[]) => ({ to: guests.map(phoneNumber => ({ phoneNumber })) })
    expect((await send('ann', one, 'x', to(one, busy.guest))).body.errorCode).toBe('MSG-427')
    expect(await openThreadOf(one)).toBeUndefined()
    const sent = await send('ann', one, 'Hello both', to(one, two))
    expect(sent.body.threadId).toBe((await openThreadOf(one)).id)
    expect((await openThreadOf(two)).label).toBe('Hello both')
  })

  test('in vain when its guest asked not to be texted', async () => {
    const { guest } = await openedThread('ann')
    await house.text(guest, BILLING, 'STOP')
    await house.house.settled()
    const sent = await send('ann', guest, 'One last thing')
    expect(sent.status).toBe(201)
    const shown = await house.as('ann', 'GET', `/message-threads/messages?messageIds=${sent.body.id}`)
    expect(shown.body.records[0]).toMatchObject({ messageStatus: 'SendingFailed' })
    expect((await house.phone(guest)).map(text => text.body)).not.toContain('One last thing')
  })
})

describe('a thread is deleted', () => {
  test('by any handler, open or resolved, with all its messages and notes', async () => {
    const { id, guest } = await openedThread('ann')
    await house.as('ann', 'POST', '/message-threads/notes', { threadId: id, text: 'Careful' })
    expect((await house.as('cal', 'DELETE', `/message-threads/${id}`)).status).toBe(403)
    expect((await house.as('bob', 'DELETE', `/message-threads/${id}`)).status).toBe(204)
    expect((await house.as('bob', 'DELETE', `/message-threads/${id}`)).status).toBe(204)
    const deleted = (await read('ann', id)).body
    expect(deleted).toMatchObject({ availability: 'Deleted', status: 'Open' })
    expect(deleted).not.toHaveProperty('assignee')
    expect(deleted).not.toHaveProperty('statusReason')
    const alive = await house.as('ann', 'GET', `/message-threads/messages?threadIds=${id}`)
    expect(alive.body.paging.totalElements).toBe(0)
    const gone = await house.as('ann', 'GET', `/message-threads/messages?threadIds=${id}&availability=Deleted`)
    expect(gone.body.records).toMatchObject([{ availability: 'Deleted', threadId: id }])
    const notes = await house.as('ann', 'GET', `/message-threads/notes?threadIds=${id}`)
    expect(notes.body.records).toEqual([])
    for (const answer of [
      await assign('ann', id, 'ann'),
      await house.as('ann', 'POST', `/message-threads/${id}/resolve`),
      await house.as('ann', 'POST', '/message-threads/notes', { threadId: id, text: 'late' }),
    ]) {
      expect([answer.status, answer.body.errorCode]).toEqual([404, 'CMN-102'])
    }
    await house.text(guest, BILLING, 'Hello?')
    expect((await openThreadOf(guest)).id).not.toBe(id)
    await house.advance('PT73H')
    expect((await read('ann', id)).body.status).toBe('Open')
  })
})

describe('an owner goes', () => {
  test('and its threads are resolved with it, as OwnerDeleted', async () => {
    const lone = await openInboxHouse()
    try {
      await lone.text('+15557770100', SUPPORT, 'Hello?')
      expect((await lone.as('cal', 'DELETE', '/extension/202')).status).toBe(403)
      expect((await lone.as('ann', 'DELETE', '/extension/202')).status).toBe(204)
      expect(await lone.threads('cal')).toMatchObject([{ status: 'Resolved', statusReason: 'OwnerDeleted' }])
      await lone.text('+15557770100', SUPPORT, 'Anybody?')
      expect(await lone.threads('cal')).toHaveLength(1)
      expect((await lone.as('ann', 'GET', '/call-queues')).body.records).toHaveLength(1)
    } finally {
      await lone.close()
    }
  })

  test('and its handlers, who handle it no more, are told that their grants changed', async () => {
    const lone = await openInboxHouse()
    try {
      const sockets = await Promise.all((['ann', 'bob', 'cal'] as const).map(user => openRawSocket(lone, user)))
      for (const socket of sockets) await socket.subscribe(['/restapi/v1.0/account/~/extension/~/grant'])
      await lone.as('ann', 'DELETE', '/extension/202')
      await expect
        .poll(() => sockets.map(socket => socket.events()))
        .toEqual([['extension/101/grant'], [], ['extension/103/grant']])
    } finally {
      await lone.close()
    }
  })

  test('or loses the number, as OwnerPhoneNumberDeleted', async () => {
    const lone = await openInboxHouse()
    try {
      await lone.text('+15557770100', BILLING, 'Hello?')
      const token = await lone.tokenOf('ann')
      const authorization = `Bearer ${token}`
      const path = '/restapi/v2/accounts/~/phone-numbers'
      const numbers = (await lone.ask('GET', path, undefined, { authorization })).body.records
      const { id } = numbers.find((number: Body) => number.phoneNumber === BILLING)
      const moved = await lone.ask('PATCH', `${path}/${id}`, { extension: { id: '202' } }, { authorization })
      expect(moved.body.extension.id).toBe('202')
      expect(await lone.threads('bob')).toMatchObject([{ statusReason: 'OwnerPhoneNumberDeleted' }])
      await lone.text('+15557770100', BILLING, 'Hello again?')
      expect(await lone.threads('cal')).toMatchObject([{ status: 'Open', owner: { extensionId: '202' } }])
    } finally {
      await lone.close()
    }
  })
})
