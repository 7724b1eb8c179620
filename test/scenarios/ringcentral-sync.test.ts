import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reportReceipts } from '../../server/core/receipts/report-receipts.ts'
import { uuidOfSid } from '../../server/domain/ids.ts'
import { EntriesClient, type Scope, ThreadsClient } from '../support/inbox-clients.ts'
import { BILLING, type InboxHouse, openInboxHouse } from '../support/inbox-house.ts'
import { ACCOUNT_SID, type Answer } from '../support/test-house.ts'

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

const ACCOUNT_ID = uuidOfSid('AC', ACCOUNT_SID) ?? ''

type Handler = 'ann' | 'bob'
type Body = Answer['body']
const HANDLERS: Handler[] = ['ann', 'bob']
const EXTENSIONS = { ann: '101', bob: '102' }
const SCOPES: Scope[] = ['Accessible', 'Unassigned', 'AssignedToMe', 'AssignedToMeAndUnassigned']
/** 72 h, and what tests may add to it without coming near. */
const EXPIRES_HOURS = 72

const handler = fc.constantFrom(...HANDLERS)
const guest = fc.nat({ max: 2 })
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('text' as const), guest }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), by: handler, guest }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('assign' as const),
      by: handler,
      guest,
      to: fc.constantFrom<Handler | null>('ann', 'bob', null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resolve' as const), by: handler, guest }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), by: handler, guest }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), by: handler, guest }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('note' as const), by: handler, guest }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unnote' as const), by: handler, guest }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(1, 30, 50) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sync' as const), client: fc.nat({ max: 9 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** What the rules say of the open threads: the assignee and the hours since the last message, by guest. */
interface Known {
  id: string
  assignee: Handler | null
  silentHours: number
}

let runs = 0

test('a client that only syncs ends with exactly what the server lists', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async steps => {
      runs += 1
      const numbers = [0, 1, 2].map(at => `+1555779${String(runs * 3 + at).padStart(4, '0')}`)
      const clients = HANDLERS.flatMap(user => [
        new ThreadsClient(house, user),
        ...SCOPES.map(scope => new EntriesClient(house, user, EXTENSIONS[user], scope)),
      ])
      for (const client of clients) await client.start()
      const model = new Map<number, Known>()
      for (const each of steps) {
        if (each.kind === 'sync') await clients[each.client]?.sync()
        else await take(each, numbers, model)
      }
      await rest()
      for (const client of clients) {
        await client.sync()
        expect(client.known()).toEqual(await client.listed())
      }
      expect(await openPairs(numbers)).toEqual(
        [...model].map(([at, { id, assignee }]) => [numbers[at], id, assignee]).sort(),
      )
      for (const { id } of await house.threads('ann')) await house.as('ann', 'DELETE', `/message-threads/${id}`)
    }),
    {
      numRuns: Number(process.env.HEDDLE_TEST_RUNS ?? 20),
      interruptAfterTimeLimit: 100_000,
      markInterruptAsFailure: false,
    },
  )
}, 120_000)

test('a token counts through a restart, at any age and again and again, and tells what changed and nothing else', async () => {
  const [quiet, heard] = ['+15557780001', '+15557780002']
  await house.text(quiet, BILLING, 'Hello')
  await house.text(heard, BILLING, 'Hello')
  await rest()
  const full = await house.as('ann', 'GET', '/message-threads/sync')
  const entries = await house.as('ann', 'GET', '/message-threads/entries/sync?scope=Accessible')
  await house.text(heard, BILLING, 'Before the restart')
  await house.restart()
  await house.text(heard, BILLING, 'After it')
  for (const days of [0, 60]) {
    if (days > 0) await house.advance(`P${days}D`)
    const changed = await house.as(
      'ann',
      'GET',
      `/message-threads/sync?syncType=ISync&syncToken=${full.body.syncInfo.syncToken}`,
    )
    const people = changed.body.records.map((thread: Body) => [thread.guestParty.phoneNumber, thread.status])
    // After 60 days both have expired: then both changed.
    const expired = [
      [quiet, 'Resolved'],
      [heard, 'Resolved'],
    ]
    expect(people.sort()).toEqual(days === 0 ? [[heard, 'Open']] : expired)
    const said = await house.as(
      'ann',
      'GET',
      `/message-threads/entries/sync?syncType=ISync&syncToken=${entries.body.syncInfo.syncToken}`,
    )
    const texts = said.body.records.flatMap((entry: Body) => entry.text ?? [])
    expect(texts.sort()).toEqual(['After it', 'Before the restart'])
  }
  for (const { id } of await house.threads('ann')) await house.as('ann', 'DELETE', `/message-threads/${id}`)
}, 30_000)

test('a receipt that comes again changes nothing, and what is redacted elsewhere is told', async () => {
  const { core } = house.house
  const client = new EntriesClient(house, 'ann', EXTENSIONS.ann, 'Accessible')
  await client.start()
  const to = [{ phoneNumber: '+15557780003' }]
  await house.as('ann', 'POST', '/message-threads/messages', { from: { phoneNumber: BILLING }, to, text: 'Hello' })
  await rest()
  await client.sync()
  const { body } = await house.ask('GET', `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json?To=%2B15557780003`)
  const { sid } = body.messages[0]
  const { carrier, carrierMessageId } = (await house.ask('GET', `/v1/texts/${sid}`)).body
  const receipt = {
    carrierMessageId,
    number: BILLING,
    status: 'delivered' as const,
    errorCode: null,
    carrierCode: null,
  }
  // Carriers tell again what they had no answer to.
  expect(await reportReceipts(core, ACCOUNT_ID, [{ carrier, receipt }])).toEqual([true])
  expect(await client.listed()).toEqual(client.known())
  const redacted = await house.ask(
    'POST',
    `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}.json`,
    new URLSearchParams({ Body: '' }),
  )
  expect(redacted.status).toBe(200)
  await client.sync()
  expect(await client.listed()).toEqual(client.known())
})

/** Lets receipts arrive: then nothing changes any more by itself. */
async function rest(): Promise<void> {
  await house.house.settled()
  await house.advance('PT1S')
  await house.house.settled()
}

async function openPairs(numbers: string[]): Promise<unknown[]> {
  const open = await house.threads('ann', '&threadStatus=Open')
  return open
    .filter((thread: Body) => numbers.includes(thread.guestParty.phoneNumber))
    .map((thread: Body) => [thread.guestParty.phoneNumber, thread.id, nameOf(thread.assignee?.extensionId)])
    .sort()
}

function nameOf(extensionId: string | undefined): Handler | null {
  return HANDLERS.find(name => EXTENSIONS[name] === extensionId) ?? null
}

/** Does one step, and checks that the server allows what the rules allow. */
async function take(
  each: Exclude<Step, { kind: 'sync' }>,
  numbers: string[],
  model: Map<number, Known>,
): Promise<void> {
  if (each.kind === 'wait') {
    await house.advance(`PT${each.hours}H`)
    for (const [at, known] of model) {
      known.silentHours += each.hours
      if (known.silentHours > EXPIRES_HOURS) model.delete(at)
    }
    return
  }
  const person = numbers[each.guest] ?? ''
  const known = model.get(each.guest)
  switch (each.kind) {
    case 'text': {
      await house.text(person, BILLING, `from ${person}`)
      if (known) known.silentHours = 0
      else model.set(each.guest, { id: await openIdOf(person), assignee: null, silentHours: 0 })
      return
    }
    case 'send': {
      const body = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: person }], text: `by ${each.by}` }
      const sent = await house.as(each.by, 'POST', '/message-threads/messages', body)
      const isAllowed = !known || known.assignee === each.by
      expect(sent.status).toBe(isAllowed ? 201 : 403)
      if (known && isAllowed) known.silentHours = 0
      if (!known) model.set(each.guest, { id: sent.body.threadId, assignee: each.by, silentHours: 0 })
      return
    }
    case 'assign': {
      if (!known) return
      const assignee = each.to === null ? null : { extensionId: EXTENSIONS[each.to] }
      const answer = await house.as(each.by, 'POST', `/message-threads/${known.id}/assign`, { assignee })
      const { assignee: before } = known
      const isAllowed = before === null || before === each.to || before === each.by || each.to === each.by
      expect(answer.status).toBe(isAllowed ? 200 : 403)
      if (isAllowed) known.assignee = each.to
      return
    }
    case 'resolve':
    case 'delete': {
      if (!known) return
      const path = `/message-threads/${known.id}`
      const answer =
        each.kind === 'resolve'
          ? await house.as(each.by, 'POST', `${path}/resolve`)
          : await house.as(each.by, 'DELETE', path)
      expect(answer.status).toBe(each.kind === 'resolve' ? 200 : 204)
      model.delete(each.guest)
      return
    }
    case 'forget': {
      if (!known) return
      const said = await house.as('ann', 'GET', `/message-threads/messages?threadIds=${known.id}&perPage=1`)
      const ids = said.body.records.map((message: Body) => message.id)
      if (ids.length > 0) {
        expect((await house.as(each.by, 'DELETE', '/message-threads/messages', { ids })).status).toBe(204)
      }
      return
    }
    case 'note': {
      if (!known) return
      const note = { threadId: known.id, text: `noted by ${each.by}` }
      expect((await house.as(each.by, 'POST', '/message-threads/notes', note)).status).toBe(201)
      return
    }
    case 'unnote': {
      if (!known) return
      const noted = await house.as('ann', 'GET', `/message-threads/notes?threadIds=${known.id}&perPage=1`)
      const [note] = noted.body.records
      if (!note) return
      const answer = await house.as(each.by, 'DELETE', '/message-threads/notes', { ids: [note.id] })
      expect(answer.status).toBe(note.author.extensionId === EXTENSIONS[each.by] ? 204 : 403)
      return
    }
    default:
      each satisfies never
  }
}

async function openIdOf(person: string): Promise<string> {
  const [thread] = await house.threads('ann', `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(person)}`)
  return thread.id
}
