import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'

const MANY = numbersFrom(4000, 50)
const LEAST_USED = numbersFrom(5000, 3)
const FEWEST = numbersFrom(5100, 3)
const MIXED = ['+442079460001', '+12125550001', '+13055550001', '+12125550002']
const STICKY = numbersFrom(5200, 3)
const KEPT = numbersFrom(5300, 3)
const NAMED = numbersFrom(5400, 2)
const MOVING = numbersFrom(5500, 2)

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { name: 'Many', numbers: MANY },
    { name: 'Least used', numbers: LEAST_USED, order: 'least-recently-used' },
    { name: 'Fewest', numbers: FEWEST, order: 'fewest-open' },
    { name: 'Mixed', numbers: MIXED, prefers: ['area-code', 'country'] },
    { name: 'Sticky', numbers: STICKY, order: 'least-recently-used', prefers: ['sticky'] },
    { name: 'Kept', numbers: KEPT },
    { name: 'Named', numbers: NAMED },
    { name: 'From', numbers: MOVING },
    { name: 'To', numbers: [], order: 'fewest-open' },
  ])
})

afterAll(() => house?.close())

const person = (at: number) => `+1555777${String(at).padStart(4, '0')}`

test('200 threads wanted at once with one person over 50 numbers are 50 threads on 50 numbers and 150 refusals', async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => house.wish('Many', person(1))))
  const opened = answers.filter(({ status }) => status === 201)
  const refused = answers.filter(({ status }) => status === 409)
  expect([opened.length, refused.length]).toEqual([50, 150])
  expect(new Set(opened.map(({ body }) => body.number))).toEqual(new Set(MANY))
  for (const { body } of refused) expect(body).toMatchObject({ code: 'pool_exhausted', numbersNeeded: 51 })
  const { body: report } = await house.ask('GET', '/v1/pools/Many/capacity')
  expect(report).toMatchObject({ openThreads: 50, mostAtOnce: 50, refusals: 150, numbersNeeded: 51 })
})

test('a thread that names the first number leaves the next to one that is wanted at the same time', async () => {
  // The first is under way while the two that follow gather in one act.
  const answers = await Promise.all([
    house.wish('Named', person(2)),
    house.wish('Named', person(3), { number: NAMED[0] }),
    house.wish('Named', person(3)),
  ])
  expect(answers.map(({ body }) => body.number)).toEqual([NAMED[0], ...NAMED])
})

test('threads with different persons share the first number', async () => {
  const threads = await Promise.all([10, 11, 12].map(at => house.open('Many', person(at))))
  expect(threads.map(({ number }) => number)).toEqual([MANY[0], MANY[0], MANY[0]])
})

describe('the rule among free numbers', () => {
  test('least-recently-used goes around, also when persons ask together', async () => {
    const asked = [20, 21, 22, 23]
    const threads = []
    for (const at of asked) threads.push(await house.open('Least used', person(at)))
    expect(threads.map(({ number }) => number)).toEqual([...LEAST_USED, LEAST_USED[0]])
    const together = await Promise.all([24, 25, 26].map(at => house.open('Least used', person(at))))
    expect(new Set(together.map(({ number }) => number))).toEqual(new Set(LEAST_USED))
  })

  test('fewest-open takes the number with the fewest open threads', async () => {
    const threads = await Promise.all([30, 31, 32].map(at => house.open('Fewest', person(at))))
    expect(new Set(threads.map(({ number }) => number))).toEqual(new Set(FEWEST))
    const quiet = threads[1]!
    await house.closeThread(quiet.id)
    expect((await house.open('Fewest', person(33))).number).toBe(quiet.number)
  })

  test('fewest-open counts what a number brings along from another pool', async () => {
    const brought = await house.open('From', person(34))
    for (const number of MOVING) await house.ask('DELETE', `/v1/pools/From/numbers/${encodeURIComponent(number)}`)
    await house.ask('POST', '/v1/pools/To/numbers', { numbers: MOVING })
    expect((await house.open('To', person(35))).number).toBe(MOVING[1])
    await house.closeThread(brought.id)
    expect((await house.open('To', person(36))).number).toBe(MOVING[0])
  })
})

describe('preferences count before the rule', () => {
  test('a number of the same area code, then of the same country, then any', async () => {
    const texan = await Promise.all([0, 1, 2].map(() => house.open('Mixed', '+12125559999')))
    expect(texan.map(({ number }) => number).sort()).toEqual(['+12125550001', '+12125550002', '+13055550001'])
    expect((await house.open('Mixed', '+12125559999')).number).toBe('+442079460001')
    expect((await house.open('Mixed', '+442079469999')).number).toBe('+442079460001')
  })

  test('a number that the person knows', async () => {
    const first = await house.open('Sticky', person(40))
    await house.closeThread(first.id)
    expect((await house.open('Sticky', person(41))).number).not.toBe(first.number)
    expect((await house.open('Sticky', person(40))).number).toBe(first.number)
  })
})

describe('reserved and paused numbers', () => {
  const set = (number: string, state: string) =>
    house.ask('PATCH', `/v1/pools/Kept/numbers/${encodeURIComponent(number)}`, { state })

  test('are passed over, and a reserved one is given to who names it', async () => {
    const [first, second, third] = KEPT as [string, string, string]
    expect((await set(first, 'reserved')).status).toBe(204)
    expect((await set(second, 'paused')).status).toBe(204)
    expect((await house.open('Kept', person(50))).number).toBe(third)
    expect((await house.wish('Kept', person(50))).body).toMatchObject({ code: 'pool_exhausted', numbersNeeded: 2 })
    expect((await house.open('Kept', person(50), { number: first })).number).toBe(first)
    expect((await house.wish('Kept', person(50), { number: first })).body.code).toBe('pair_taken')
    expect((await house.wish('Kept', person(50), { number: second })).body.code).toBe('number_not_in_pool')
    await set(second, 'open')
    expect((await house.open('Kept', person(50))).number).toBe(second)
  })
})

describe('a thread that cannot be had claims nothing', () => {
  test('a person who said stop', async () => {
    const thread = await house.open('Many', person(60))
    await house.house.settled()
    await house.text(person(60), thread.number, 'STOP')
    await house.closeThread(thread.id)
    expect((await house.wish('Many', person(60))).body.code).toBe('opted_out')
    expect((await house.ask('GET', `/v1/threads?person=${encodeURIComponent(person(60))}`)).body.records).toHaveLength(
      1,
    )
  })

  test.each([
    [{ to: 'nobody' }, 'address_invalid'],
    [{ body: '  ' }, 'body_missing'],
    [{ pool: 'None' }, 'pool_unknown'],
    [{ expiresAfter: 'soon' }, 'time_invalid'],
    [{ expiresAt: '2001-01-01T00:00:00Z' }, 'time_invalid'],
    [{ expiresAfter: 'P3652425D' }, 'time_invalid'],
    [{ expiresAt: '9999-12-31T23:59:59-12:00' }, 'time_invalid'],
    [{ body: 'x'.repeat(1601) }, 'invalid'],
  ])('%o', async (more, code) => {
    const answer = await house.wish('Many', person(61), more)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.body.code).toBe(code)
    expect((await house.ask('GET', `/v1/threads?person=${encodeURIComponent(person(61))}`)).body.records).toEqual([])
  })

  test('a first text that fails for good closes its thread as undeliverable and frees the number', async () => {
    await house.ask('PUT', '/simulator/faults', { number: person(62), fail: { code: 30005 } })
    const thread = await house.open('Many', person(62))
    await house.house.settled()
    await expect.poll(async () => (await house.thread(thread.id)).state).toBe('closed')
    expect(await house.thread(thread.id)).toMatchObject({ state: 'closed', closedReason: 'undeliverable' })
    expect((await house.open('Many', person(62))).number).toBe(thread.number)
  })
})

test('a number that leaves the pool is given no more, and its threads go on', async () => {
  const numbers = numbersFrom(5300, 3)
  const thread = await house.open('Kept', person(70), { number: numbers[0] })
  const path = `/v1/pools/Kept/numbers/${encodeURIComponent(numbers[0] ?? '')}`
  expect((await house.ask('DELETE', path)).status).toBe(204)
  expect((await house.wish('Kept', person(71), { number: numbers[0] })).body.code).toBe('number_not_in_pool')
  await house.text(person(70), thread.number, 'Still here')
  expect((await house.messages(thread.id)).map(({ body }) => body)).toEqual(['Question?', 'Still here'])
})
