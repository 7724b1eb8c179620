import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'

const TWO = numbersFrom(6000, 2)
const QUEUE = numbersFrom(6100, 2)
const IDLE = numbersFrom(6200, 2)
const RESTING = numbersFrom(6300, 2)
const STRICT = numbersFrom(6400, 2)
const PATIENT = numbersFrom(6500, 1)
const MOVED = numbersFrom(6600, 1)

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { name: 'Two', numbers: TWO },
    { name: 'Queue', numbers: QUEUE, exhausted: 'queue' },
    { name: 'Former', numbers: MOVED },
    { name: 'Latter', exhausted: 'queue' },
    { name: 'Idle', numbers: IDLE, exhausted: 'take-idle' },
    { name: 'Resting', numbers: RESTING, cooldown: 'PT1H' },
    { name: 'Strict', numbers: STRICT, cooldown: 'PT1H', strict: true },
    { name: 'Patient', numbers: PATIENT, cooldown: 'PT1H', strict: true, exhausted: 'queue' },
  ])
})

afterAll(() => house?.close())

const person = (at: number) => `+1555778${String(at).padStart(4, '0')}`
const received = async (phone: string) => {
  await house.house.settled()
  return (await house.phone(phone)).filter(text => text.direction === 'received').map(text => text.body)
}
const stateOf = async (id: string) => (await house.thread(id)).state

describe('a pool that refuses', () => {
  test('says how many numbers are needed, and keeps the refusal in its report', async () => {
    for (const body of ['1', '2']) await house.open('Two', person(1), { body })
    for (let at = 0; at < 3; at++) {
      expect((await house.wish('Two', person(1))).body).toMatchObject({ code: 'pool_exhausted', numbersNeeded: 3 })
    }
    const kept = await house.ask('GET', '/v1/pools/Two/refusals?limit=2')
    expect(kept.body.records).toHaveLength(2)
    expect(kept.body.records[0]).toMatchObject({ person: person(1), room: null, held: 2, numbersNeeded: 3 })
    const rest = await house.ask('GET', `/v1/pools/Two/refusals?before=${kept.body.next}`)
    expect(rest.body).toMatchObject({ records: [{ held: 2 }], next: null })
    await house.advance('P1D')
    const { body } = await house.ask('GET', '/v1/pools/Two/capacity?days=2')
    expect(body).toMatchObject({ refusals: 3, mostAtOnce: 2, mostNow: 2, numbersNeeded: 3 })
    expect(body.days.map((day: { refusals: number }) => day.refusals)).toEqual([3])
  })
})

describe('a pool that queues', () => {
  test('sends what waits, in order, as numbers are freed', async () => {
    const phone = person(10)
    const held = [await house.open('Queue', phone, { body: '1' }), await house.open('Queue', phone, { body: '2' })]
    const third = await house.wish('Queue', phone, { body: '3' })
    expect(third).toMatchObject({ status: 202, body: { state: 'waiting', number: null } })
    const fourth = await house.wish('Queue', phone, { body: '4' })
    expect((await house.ask('POST', `/v1/threads/${third.body.id}/messages`, { body: '3 again' })).status).toBe(201)
    expect(await received(phone)).toEqual(['1', '2'])

    await house.closeThread(held[1]!.id)
    await expect.poll(() => stateOf(third.body.id)).toBe('active')
    expect(await received(phone)).toEqual(['1', '2', '3', '3 again'])
    expect(await house.thread(third.body.id)).toMatchObject({ number: QUEUE[1] })
    expect(await stateOf(fourth.body.id)).toBe('waiting')
    await house.closeThread(third.body.id)
    await expect.poll(() => stateOf(fourth.body.id)).toBe('active')
    expect(await received(phone)).toEqual(['1', '2', '3', '3 again', '4'])
  })

  test('serves who came first, also when a newcomer asks as a number is freed', async () => {
    const phone = person(11)
    const held = [await house.open('Queue', phone), await house.open('Queue', phone)]
    const waiting = await house.wish('Queue', phone)
    const [, newcomer] = await Promise.all([house.closeThread(held[0]!.id), house.wish('Queue', phone)])
    await expect.poll(() => stateOf(waiting.body.id)).toBe('active')
    expect(await stateOf(newcomer.body.id)).toBe('waiting')
  })

  test('keeps the place of a thread whose state or timers a program would set', async () => {
    const phone = person(18)
    const held = await house.open('Queue', phone, { body: '1' })
    await house.open('Queue', phone, { body: '2' })
    const waiting = (await house.wish('Queue', phone, { body: '3' })).body
    const change = (fields: Record<string, string>) =>
      house.ask('POST', `/conversations/v1/Conversations/${waiting.sid}`, new URLSearchParams(fields))
    for (const State of ['active', 'inactive']) {
      const { status, body } = await change({ State })
      expect([status, body.code]).toEqual([409, 20409])
    }
    const timed = await change({ 'Timers.Inactive': 'PT1M' })
    expect([timed.status, timed.body.state]).toEqual([200, 'initializing'])
    await house.advance('PT2M')
    expect(await stateOf(waiting.id)).toBe('waiting')
    await house.closeThread(held.id)
    await expect.poll(() => stateOf(waiting.id)).toBe('active')
    expect(await received(phone)).toEqual(['1', '2', '3'])
    await house.advance('PT1M')
    const conversation = await house.ask('GET', `/conversations/v1/Conversations/${waiting.sid}`)
    expect(conversation.body.state).toBe('inactive')
  })

  test('gives up the place of a thread that is closed as a conversation', async () => {
    const phone = person(19)
    const held = [await house.open('Queue', phone), await house.open('Queue', phone)]
    const waiting = (await house.wish('Queue', phone, { body: 'never sent' })).body
    const closing = new URLSearchParams({ State: 'closed' })
    expect((await house.ask('POST', `/conversations/v1/Conversations/${waiting.sid}`, closing)).status).toBe(200)
    await house.closeThread(held[0]!.id)
    expect((await house.open('Queue', phone)).number).toBe(QUEUE[0])
    expect(await received(phone)).not.toContain('never sent')
  })

  test('gives no number to a thread that was closed while it waited', async () => {
    const phone = person(12)
    const held = [await house.open('Queue', phone), await house.open('Queue', phone)]
    const waiting = await house.wish('Queue', phone, { body: 'never sent' })
    await house.closeThread(waiting.body.id)
    await house.closeThread(held[0]!.id)
    await house.house.settled()
    expect(await received(phone)).not.toContain('never sent')
    expect((await house.open('Queue', phone)).number).toBe(QUEUE[0])
  })

  test('sends nothing to who said stop meanwhile', async () => {
    const phone = person(13)
    const held = [await house.open('Queue', phone), await house.open('Queue', phone)]
    const waiting = await house.wish('Queue', phone, { body: 'unwanted' })
    await house.text(phone, held[0]!.number, 'STOP')
    await house.closeThread(held[1]!.id)
    await expect.poll(() => stateOf(waiting.body.id)).toBe('closed')
    expect(await house.thread(waiting.body.id)).toMatchObject({ closedReason: 'opted_out' })
    expect(await received(phone)).not.toContain('unwanted')
  })

  test('serves those who wait when a thread gives back the number that it brought from another pool', async () => {
    const phone = person(17)
    const brought = await house.open('Former', phone)
    await house.ask('DELETE', `/v1/pools/Former/numbers/${encodeURIComponent(MOVED[0]!)}`)
    await house.ask('POST', '/v1/pools/Latter/numbers', { numbers: MOVED })
    const waiting = await house.wish('Latter', phone)
    expect(waiting.body.state).toBe('waiting')
    await house.closeThread(brought.id)
    await expect.poll(() => stateOf(waiting.body.id)).toBe('active')
  })

  test('serves those who wait when numbers join, and closes them when it queues no more', async () => {
    const phone = person(14)
    const own = numbersFrom(6150, 2)
    const pool = await house.ask('POST', '/v1/pools', { name: 'Growing', exhausted: 'queue' })
    expect(pool.status).toBe(201)
    const waiting = [await house.wish('Growing', phone), await house.wish('Growing', phone)]
    expect(waiting.map(({ status }) => status)).toEqual([202, 202])
    const move = await house.ask('POST', '/v1/pools/Growing/numbers', { numbers: own })
    expect(move.body.code).toBe('number_unknown')
    await house.ask('DELETE', `/v1/pools/Two/numbers/${encodeURIComponent(TWO[1]!)}`)
    expect((await house.ask('POST', '/v1/pools/Growing/numbers', { numbers: [TWO[0]] })).body.code).toBe('in_use')
    expect((await house.ask('POST', '/v1/pools/Growing/numbers', { numbers: [TWO[1]] })).status).toBe(204)
    await expect.poll(() => stateOf(waiting[0]!.body.id)).toBe('active')
    await house.ask('PATCH', '/v1/pools/Growing', { exhausted: 'refuse' })
    await expect.poll(() => stateOf(waiting[1]!.body.id)).toBe('closed')
    expect(await house.thread(waiting[1]!.body.id)).toMatchObject({ closedReason: 'pool_exhausted' })
  })
})

describe('a pool that takes from the idle', () => {
  test('closes the longest idle thread and goes on with its number', async () => {
    const phone = person(20)
    const first = await house.open('Idle', phone)
    await house.advance('PT1M')
    const second = await house.open('Idle', phone)
    await house.advance('PT1M')
    await house.text(phone, first.number, 'Still talking')
    const third = await house.open('Idle', phone)
    expect(third.number).toBe(second.number)
    expect(await house.thread(second.id)).toMatchObject({ state: 'closed', closedReason: 'taken_idle' })
    expect(await stateOf(first.id)).toBe('active')
    await house.text(phone, third.number, 'To the third')
    expect((await house.messages(third.id)).map(({ body }) => body)).toEqual(['Question?', 'To the third'])
  })

  test('never has more threads than numbers, however many are wanted together', async () => {
    const phone = person(21)
    const answers = await Promise.all(Array.from({ length: 9 }, () => house.wish('Idle', phone)))
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(201))
    const open = await house.ask('GET', `/v1/threads?person=${encodeURIComponent(phone)}&state=open`)
    expect(open.body.records.map(({ number }: { number: string }) => number).sort()).toEqual(IDLE)
  })
})

describe('a number rests after its thread', () => {
  test('and is passed over while another is free', async () => {
    const phone = person(30)
    const first = await house.open('Resting', phone)
    await house.closeThread(first.id)
    const second = await house.open('Resting', phone)
    expect([first.number, second.number]).toEqual(RESTING)
    // Nothing else is free: the resting one will do.
    expect((await house.open('Resting', phone)).number).toBe(RESTING[0])
    expect((await house.wish('Resting', phone)).status).toBe(409)
    expect((await house.open('Resting', person(31))).number).toBe(RESTING[0])
  })

  test('and is used again once it has rested', async () => {
    const phone = person(32)
    await house.closeThread((await house.open('Resting', phone)).id)
    await house.advance('PT1H')
    expect((await house.open('Resting', phone)).number).toBe(RESTING[0])
  })

  test('and is not used at all by a strict pool', async () => {
    const phone = person(33)
    await house.closeThread((await house.open('Strict', phone)).id)
    expect((await house.open('Strict', phone)).number).toBe(STRICT[1])
    expect((await house.wish('Strict', phone)).body).toMatchObject({ code: 'pool_exhausted', numbersNeeded: 3 })
    await house.advance('PT1H')
    expect((await house.open('Strict', phone)).number).toBe(STRICT[0])
  })

  test('and is given to who waits as soon as it has rested', async () => {
    const phone = person(34)
    await house.closeThread((await house.open('Patient', phone)).id)
    const waiting = await house.wish('Patient', phone)
    expect(waiting.status).toBe(202)
    await house.advance('PT59M')
    expect(await stateOf(waiting.body.id)).toBe('waiting')
    await house.advance('PT2M')
    await expect.poll(() => stateOf(waiting.body.id)).toBe('active')
  })
})

test('a pool that ends leaves its open threads alone', async () => {
  const thread = await house.open('Two', person(40))
  expect((await house.ask('DELETE', '/v1/pools/Two')).status).toBe(204)
  expect((await house.wish('Two', person(40))).body.code).toBe('pool_unknown')
  await house.text(person(40), thread.number, 'Hello?')
  expect((await house.messages(thread.id)).map(({ body }) => body)).toEqual(['Question?', 'Hello?'])
  expect((await house.closeThread(thread.id)).state).toBe('closed')
})
