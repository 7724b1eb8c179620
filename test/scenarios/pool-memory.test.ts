import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changePool } from '../../server/core/pools/manage-pools.ts'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'

const STICKY = numbersFrom(5400, 3)
const LATE = numbersFrom(5450, 1)
const RESTING = numbersFrom(5460, 2)
const ONE = numbersFrom(5470, 1)
const ETERNAL = numbersFrom(5480, 1)
const ACCOUNT_ID = '00000000-0000-0000-0000-000000000001'
/** More than one act forgets. */
const MANY = 900

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { name: 'Sticky', numbers: STICKY, order: 'least-recently-used', prefers: ['sticky'], rememberFor: 'P10D' },
    { name: 'Late', numbers: LATE, lateFor: 'P5D', rememberFor: 'PT0S' },
    { name: 'Resting', numbers: RESTING, lateFor: 'PT0S', cooldown: 'P5D', strict: true, rememberFor: 'P1D' },
    { name: 'One', numbers: ONE, rememberFor: 'P2D', lateFor: 'PT1H', expiresAfter: 'P30D' },
    { name: 'Eternal', numbers: ETERNAL, exhausted: 'queue', strict: true },
  ])
})

afterAll(() => house?.close())

const person = (at: number) => `+1555773${String(at).padStart(4, '0')}`
const refusals = async () => (await house.ask('GET', '/v1/pools/One/refusals?limit=1000')).body.records

describe('what a pool remembers', () => {
  test('is which number a person knows, for as long as it says', async () => {
    const first = await house.open('Sticky', person(1))
    await house.closeThread(first.id)
    await house.advance('P9D')
    const again = await house.open('Sticky', person(1))
    expect(again.number).toBe(first.number)
    await house.closeThread(again.id)
    // Counted from the last release, and forgotten within a day.
    await house.advance('P9DT23H')
    await house.closeThread((await house.open('Sticky', person(2))).id)
    const known = await house.open('Sticky', person(1))
    expect(known.number).toBe(first.number)
    await house.closeThread(known.id)
    await house.advance('P11D')
    expect((await house.open('Sticky', person(1))).number).not.toBe(first.number)
  })

  test('is never too little for late replies', async () => {
    const thread = await house.open('Late', person(10))
    await house.closeThread(thread.id)
    await house.advance('P4DT23H')
    await house.text(person(10), thread.number, 'Late, not too late')
    expect((await house.messages(thread.id)).at(-1)).toMatchObject({ body: 'Late, not too late', late: true })
  })

  test('is never too little for rest', async () => {
    const thread = await house.open('Resting', person(20))
    await house.closeThread(thread.id)
    await house.advance('P4DT23H')
    expect((await house.open('Resting', person(20))).number).toBe(RESTING[1])
    expect((await house.wish('Resting', person(20))).status).toBe(409)
  })

  test('is whom it refused, however many; what a day counted stays', async () => {
    await house.open('One', person(30))
    await Promise.all(Array.from({ length: MANY }, () => house.wish('One', person(30), { room: 'early' })))
    await house.advance('P2D')
    await house.wish('One', person(30), { room: 'later' })
    expect((await refusals()).length).toBe(MANY + 1)
    await house.advance('P1D')
    expect((await refusals()).map(({ room }: { room: string }) => room)).toEqual(['later'])
    const { body } = await house.ask('GET', '/v1/pools/One/capacity')
    expect(body).toMatchObject({ refusals: MANY + 1, numbersNeeded: 2 })
  })

  test('has an end', async () => {
    const { status, body } = await house.ask('PATCH', '/v1/pools/One', { rememberFor: 'P3000000D' })
    expect([status, body.code]).toEqual([400, 'time_invalid'])
  })

  test('can be changed, and counts at once for what is there', async () => {
    expect((await house.ask('GET', '/v1/pools/One')).body.rememberFor).toBe('P2D')
    await house.wish('One', person(30), { room: 'last' })
    await house.ask('PATCH', '/v1/pools/One', { rememberFor: 'P20D' })
    await house.advance('P10D')
    expect(await refusals()).toHaveLength(2)
    await house.ask('PATCH', '/v1/pools/One', { rememberFor: 'P1D' })
    await expect.poll(refusals).toEqual([])
  })

  test('was once set past all dates, and stops nothing', async () => {
    const { core } = house.house
    const { id } = (await house.ask('GET', '/v1/pools/Eternal')).body
    const eternalMs = 3_652_425 * 24 * 60 * 60 * 1000
    const eternal = { rememberForMs: eternalMs, cooldownMs: eternalMs, lateForMs: eternalMs, expiresAfterMs: eternalMs }
    await changePool(core, ACCOUNT_ID, id, () => eternal)
    const thread = await house.open('Eternal', person(40))
    expect((await house.closeThread(thread.id)).state).toBe('closed')
    const waiting = await house.open('Eternal', person(40))
    expect((await house.thread(waiting.id)).state).toBe('waiting')
    const timed = await house.open('Late', person(41), { expiresAfter: 'PT1H' })
    await house.advance('P2D')
    expect((await house.thread(timed.id)).state).toBe('closed')
  })
})
