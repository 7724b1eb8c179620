import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../support/test-house.ts'

const NUMBERS = ['+15550003001', '+15550003002', '+15550003003', '+15550003004', '+15550003005']
const [FIRST, SECOND] = NUMBERS as [string, string]
const PERSON = '+15557770001'

let house: TestHouse

beforeAll(async () => {
  house = await openTestHouse({
    accounts: [
      {
        sid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        name: 'Test',
        numbers: NUMBERS.map(number => ({ number })),
        pools: [{ sid: 'MG00000000000000000000000000000001', name: 'Threads', numbers: NUMBERS, pricePerNumber: 1 }],
      },
    ],
  })
})

afterAll(() => house?.close())

async function ask(body: string, room: string, person = PERSON) {
  const answer = await house.ask('POST', '/v1/threads', { pool: 'Threads', to: person, body, room })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body
}

async function messages(id: string) {
  await house.house.settled()
  return (await house.ask('GET', `/v1/threads/${id}/messages`)).body.records
}

const close = (id: string) => house.ask('POST', `/v1/threads/${id}/close`)
const received = async (person: string) =>
  (await house.phone(person)).filter(text => text.direction === 'received').map(({ from, body }) => ({ from, body }))

test('two questions to one phone leave from two numbers, and answers in either order find their question', async () => {
  const dinner = await ask('Fish or meat?', 'kitchen')
  const seat = await ask('Window or aisle?', 'travel')
  expect([dinner.number, seat.number]).toEqual([FIRST, SECOND])
  expect(dinner).toMatchObject({ state: 'active', room: 'kitchen', pool: 'Threads', person: PERSON })
  await house.house.settled()
  expect(await received(PERSON)).toEqual([
    { from: FIRST, body: 'Fish or meat?' },
    { from: SECOND, body: 'Window or aisle?' },
  ])

  await house.text(PERSON, SECOND, 'Window')
  await house.text(PERSON, FIRST, 'Fish')
  const [question, answer] = await messages(seat.id)
  expect(answer).toMatchObject({ index: 1, direction: 'inbound', body: 'Window', late: false })
  expect(answer.inReplyTo).toEqual({ id: question.id, sid: question.sid })
  expect((await messages(dinner.id)).map((each: { body: string }) => each.body)).toEqual(['Fish or meat?', 'Fish'])

  expect((await close(dinner.id)).body).toMatchObject({ state: 'closed', closedReason: 'api' })
  const next = await ask('Red or white?', 'cellar')
  expect(next.number).toBe(FIRST)
  await close(next.id)
  await close(seat.id)
})

test('an answer belongs to the last question before it', async () => {
  const thread = await ask('Are you coming?', 'party', '+15557770002')
  await house.text('+15557770002', thread.number, 'Maybe')
  const second = await house.ask('POST', `/v1/threads/${thread.id}/messages`, { body: 'When will you know?' })
  expect(second.status).toBe(201)
  await house.text('+15557770002', thread.number, 'Tomorrow')
  const said = await messages(thread.id)
  expect(said.map((each: { inReplyTo: { id: string } | null }) => each.inReplyTo?.id ?? null)).toEqual([
    null,
    said[0].id,
    null,
    said[2].id,
  ])
})

test('over five numbers the sixth question is refused, and the report says that six are wanted', async () => {
  const person = '+15557770003'
  for (let at = 1; at <= 5; at++) await ask(`Question ${at}`, `room ${at}`, person)
  const sixth = await house.ask('POST', '/v1/threads', { pool: 'Threads', to: person, body: 'Question 6' })
  expect(sixth.status).toBe(409)
  expect(sixth.body).toMatchObject({ code: 'pool_exhausted', numbersNeeded: 6 })
  const { body: report } = await house.ask('GET', '/v1/pools/Threads/capacity')
  expect(report).toMatchObject({ numbers: 5, mostAtOnce: 5, refusals: 1, numbersNeeded: 6, costPerMonth: 5 })
  expect(report.days).toHaveLength(1)
  expect(report.days[0]).toMatchObject({ mostAtOnce: 5, numbersNeeded: 6, refusals: 1 })
})

test('threads are listed by room, person, state and pool, page by page', async () => {
  const list = async (query: string) => (await house.ask('GET', `/v1/threads?${query}`)).body
  expect((await list('room=kitchen')).records).toHaveLength(1)
  expect((await list(`person=${encodeURIComponent('+15557770003')}&state=active`)).records).toHaveLength(5)
  expect((await list(`person=${encodeURIComponent('+15557770003')}&state=closed`)).records).toHaveLength(0)
  const first = await list('pool=MG00000000000000000000000000000001&limit=3')
  const rest = await list(`pool=Threads&before=${first.next}&limit=100`)
  expect(first.records).toHaveLength(3)
  expect(rest.next).toBeNull()
  const ids = [...first.records, ...rest.records].map(({ id }: { id: string }) => id)
  expect(new Set(ids).size).toBe(9)
})
