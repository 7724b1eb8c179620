import { afterAll, beforeAll, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../support/pool-house.ts'

const NUMBERS = numbersFrom(8000, 4)
const ROUNDS = 12

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([{ name: 'Race', numbers: NUMBERS, lateFor: 'PT0S' }])
})

afterAll(() => house?.close())

const person = (at: number) => `+1555776${String(at).padStart(4, '0')}`

test('a number that is freed while many want it goes to one of them', async () => {
  const phone = person(1)
  let held = await Promise.all(NUMBERS.map(() => house.open('Race', phone)))
  for (let round = 0; round < ROUNDS; round++) {
    const [freed, ...rest] = held
    const wishes = Array.from({ length: 8 }, () => house.wish('Race', phone))
    const [, ...answers] = await Promise.all([house.closeThread(freed!.id), ...wishes])
    const opened = answers.filter(({ status }) => status === 201).map(({ body }) => body)
    expect(opened.length).toBeLessThanOrEqual(1)
    held = [...rest, ...opened]
    if (opened.length === 0) held.push(await house.open('Race', phone))
    expect(new Set(held.map(({ number }) => number)).size).toBe(NUMBERS.length)
  }
})

test('a text that comes while its thread closes is in that thread, or in none', async () => {
  const phone = person(2)
  for (let round = 0; round < ROUNDS; round++) {
    const thread = await house.open('Race', phone, { body: `Question ${round}` })
    await Promise.all([house.text(phone, thread.number, `Answer ${round}`), house.closeThread(thread.id)])
    const next = await house.open('Race', phone, { body: 'Next' })
    expect(next.number).toBe(thread.number)
    expect((await house.messages(next.id)).map(({ body }) => body)).toEqual(['Next'])
    const bodies = (await house.messages(thread.id)).map(({ body }) => body)
    expect([[`Question ${round}`], [`Question ${round}`, `Answer ${round}`]]).toContainEqual(bodies)
    await house.closeThread(next.id)
  }
})

test('closing a thread many times frees its number once', async () => {
  const phone = person(3)
  const first = await house.open('Race', phone)
  await Promise.all(Array.from({ length: 8 }, () => house.closeThread(first.id)))
  const again = await Promise.all(NUMBERS.map(() => house.open('Race', phone)))
  expect(new Set(again.map(({ number }) => number)).size).toBe(NUMBERS.length)
  await house.closeThread(first.id)
  expect((await house.wish('Race', phone)).status).toBe(409)
  const { body } = await house.ask('GET', '/v1/pools/Race/capacity')
  expect(body.mostAtOnce).toBe(NUMBERS.length)
})
