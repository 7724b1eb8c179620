import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'

const STICKY = numbersFrom(5400, 3)
const LATE = numbersFrom(5450, 1)
const RESTING = numbersFrom(5460, 2)
const ONE = numbersFrom(5470, 1)
/** More than one act forgets. */
const MANY = 900

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { name: 'Sticky', numbers: STICKY, order: 'least-recently-used', prefers: ['sticky'], rememberFor: 'P10D' },
    { name: 'Late', numbers: LATE, lateFor: 'P5D', rememberFor: 'PT0S' },
    { name: 'Resting', numbers: RESTING, lateFor: 'PT0S', cooldown: 'P5D', strict: true, rememberFor: 'P1D' },
    { name: 'One', numbers: ONE, rememberFor: 'P2D', lateFor: 'PT1H', expiresAfter: 'P30D' },
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

  test('can be changed, and counts at once for what is there', async () => {
    expect((await house.ask('GET', '/v1/pools/One')).body.rememberFor).toBe('P2D')
    await house.wish('One', person(30), { room: 'last' })
    await house.ask('PATCH', '/v1/pools/One', { rememberFor: 'P20D' })
    await house.advance('P10D')
    expect(await refusals()).toHaveLength(2)
    await house.ask('PATCH', '/v1/pools/One', { rememberFor: 'P1D' })
    await expect.poll(refusals).toEqual([])
  })
})
