import { afterAll, beforeAll, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse } from '../../../test/support/pool-house.ts'
import { ACCOUNT_SID } from '../../../test/support/test-house.ts'
import { seedPools } from './seed-pools.ts'

const NUMBERS = numbersFrom(1100, 3)
const ACCOUNT_ID = '00000000-0000-0000-0000-000000000001'

let house: PoolHouse

beforeAll(async () => {
  house = await openPoolHouse([
    { sid: 'MG00000000000000000000000000000007', name: 'Seeded', numbers: NUMBERS.slice(0, 2), cooldown: 'PT1H' },
  ])
})

afterAll(() => house?.close())

const pools = async () => (await house.ask('GET', '/v1/pools')).body.records
const account = { sid: ACCOUNT_SID, name: 'Test', numbers: NUMBERS.map(number => ({ number })) }

test('a seed makes its pools as told', async () => {
  expect(await pools()).toMatchObject([
    { sid: 'MG00000000000000000000000000000007', name: 'Seeded', numbers: 2, cooldown: 'PT1H', order: 'in-order' },
  ])
})

test('a seed applied again leaves a pool as its owner changed it', async () => {
  await house.ask('PATCH', '/v1/pools/Seeded', { exhausted: 'queue' })
  const before = await pools()
  await house.restart()
  expect(await pools()).toEqual(before)
})

test('a pool that was ended stays away', async () => {
  const seed = { ...account, pools: [{ name: 'Short-lived' }] }
  await seedPools(house.house.core, ACCOUNT_ID, seed)
  expect(await pools()).toHaveLength(2)
  await house.ask('DELETE', '/v1/pools/Short-lived')
  await seedPools(house.house.core, ACCOUNT_ID, seed)
  expect(await pools()).toHaveLength(1)
})

test('a number that the account gave up, or that is in another pool, is left out', async () => {
  await seedPools(house.house.core, ACCOUNT_ID, { ...account, pools: [{ name: 'Later', numbers: NUMBERS }] })
  expect((await house.ask('GET', '/v1/pools/Later')).body.numbers).toBe(0)
})

test('a pool that rests past all dates is refused with what is wrong', async () => {
  const seed = { ...account, pools: [{ name: 'Long', cooldown: 'P3000000D' }] }
  await expect(seedPools(house.house.core, ACCOUNT_ID, seed)).rejects.toThrow('P3000000D, which is no duration')
})

test('a pool with a number of nobody is refused with what is wrong', async () => {
  const seed = { ...account, pools: [{ name: 'Wrong', numbers: ['+15550009999'] }] }
  await expect(seedPools(house.house.core, ACCOUNT_ID, seed)).rejects.toThrow(
    'gives +15550009999 to the pool Wrong, but not to the account Test',
  )
  expect((await house.ask('GET', '/v1/pools/Wrong')).status).toBe(404)
})
