import { afterAll, beforeAll, expect, test } from 'vitest'
import { dyingAfter } from '../../../test/support/dying-core.ts'
import { type Answer, openTestHouse, seedOf, type TestHouse } from '../../../test/support/test-house.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import type { SeedAccount } from '../../domain/seed.ts'
import { applySeed, endSeed, type SeededAccount } from './apply-seed.ts'
import { seedPools } from './seed-pools.ts'

const CARRIER = { name: 'op', kind: 'smpp' as const, url: 'smpp://127.0.0.1:9', systemId: 'heddle', password: 'secret' }

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf([]))
})
afterAll(() => house.close())

/** An account with some of everything that a seed can say, and as much left open as a seed may. */
function account(at: number): SeedAccount {
  const number = (end: number) => `+1555${String(at).padStart(5, '0')}${end}`
  return {
    name: `Account ${at}`,
    apiKeys: [{ name: 'one' }, { name: 'two' }],
    carriers: [CARRIER],
    numbers: [
      { number: number(0), queue: 'Queue' },
      { number: number(1), delivery: { perSecond: 5 } },
      { number: number(2) },
    ],
    pools: [{ name: 'Pool', numbers: [number(1), number(2)], names: [{ name: 'Heddle' }] }, { name: 'Empty' }],
    delivery: { perSecond: 50 },
    ringcentral: { clientId: `client ${at}` },
    users: [{ identity: 'ann' }],
    queues: [{ name: 'Queue', handlers: ['ann'] }],
    inventory: [{ number: number(9) }],
  }
}

/** What the account's owner can see and do with what they were told. */
async function shown({ sid, authToken, keys, client, users }: SeededAccount): Promise<unknown> {
  const as = (name: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
  })
  const owner = as(sid, authToken)
  const get = (path: string, headers = owner) => house.ask('GET', path, undefined, headers)
  const signIn = async ({ identity, password, jwt }: SeededAccount['users'][number]): Promise<number[]> => {
    const app = as(client?.clientId ?? '', client?.clientSecret ?? '')
    const byPassword = { grant_type: 'password', username: identity, password }
    const byJwt = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt }
    const asked = [byPassword, byJwt].map(form =>
      house.ask('POST', '/restapi/oauth/token', new URLSearchParams(form), app),
    )
    return (await Promise.all(asked)).map(({ status }) => status)
  }
  const [numbers, pools, names, carriers, listed] = await Promise.all([
    get('/v1/numbers'),
    get('/v1/pools'),
    get('/v1/pools/Pool/names'),
    get('/v1/carriers'),
    get(`/2010-04-01/Accounts/${sid}/Keys.json`),
  ])
  const each = ({ body }: Answer, name: string) => body.records.map((record: Record<string, unknown>) => record[name])
  return {
    numbers: each(numbers, 'number').map((number: string) => number.slice(-1)),
    pools: each(pools, 'name').map((name: string, at: number) => [name, each(pools, 'numbers')[at]]),
    names: each(names, 'name'),
    carriers: each(carriers, 'name'),
    keys: listed.body.keys.map((key: { friendly_name: string }) => key.friendly_name),
    byKey: await Promise.all(keys.map(async key => (await get('/v1/numbers', as(key.sid, key.secret))).status)),
    signIns: await Promise.all(users.map(signIn)),
  }
}

const WHOLE = {
  numbers: ['2', '1', '0'],
  pools: [
    ['Empty', 0],
    ['Pool', 2],
  ],
  names: ['Heddle'],
  carriers: ['op'],
  keys: ['two', 'one'],
  byKey: [200, 200],
  signIns: [[200, 200]],
}

test('a start that is killed after any step of its seed is completed by the next one, as if nothing had been', {
  timeout: 60_000,
}, async () => {
  const { core } = house.house
  const { seal } = core
  let steps = 0
  for (let isWhole = false; !isWhole && steps < 100; steps += 1) {
    const seed = { accounts: [account(steps)] }
    isWhole = await applySeed(dyingAfter(house.house.core, steps), seal, seed).then(
      () => true,
      () => false,
    )
    const seeded = await applySeed(core, seal, seed)
    expect(seeded, `after ${steps} steps`).toHaveLength(1)
    for (const each of seeded) expect(await shown(each), `after ${steps} steps`).toEqual(WHOLE)
  }
  expect(steps).toBeGreaterThan(15)
  expect(steps).toBeLessThan(100)
})

test('what a seed left open is told again until it was shown, and then never more', async () => {
  const { core } = house.house
  const seed = { accounts: [account(900)] }
  const first = await applySeed(core, core.seal, seed)
  expect(await applySeed(core, core.seal, seed)).toEqual(first)
  await endSeed(core, first)
  expect(await applySeed(core, core.seal, seed)).toEqual([])
  for (const each of first) expect(await shown(each)).toEqual(WHOLE)
})

test('a pool of more numbers than an act of others takes is made whole or not at all', async () => {
  const { core } = house.house
  const numbers = Array.from({ length: 600 }, (_, at) => ({ number: `+1556${String(at).padStart(7, '0')}` }))
  const [owner] = await applySeed(core, core.seal, { accounts: [{ name: 'Owner', numbers }] })
  const accountId = uuidOfSid('AC', owner?.sid ?? '') ?? ''
  const pools = [{ name: 'Large', numbers: numbers.map(({ number }) => number), names: [{ name: 'Heddle' }] }]
  const authorization = `Basic ${Buffer.from(`${owner?.sid}:${owner?.authToken}`).toString('base64')}`
  const found: unknown[] = []
  for (let steps = 0; steps < 10; steps += 1) {
    await seedPools(dyingAfter(house.house.core, steps), accountId, { name: 'Owner', numbers, pools }).catch(() => {})
    const { body } = await house.ask('GET', '/v1/pools/Large', undefined, { authorization })
    found.push(body.numbers ?? 'none')
  }
  expect(new Set(found)).toEqual(new Set(['none', 600]))
  expect((await house.ask('GET', '/v1/pools/Large/names', undefined, { authorization })).body.records).toHaveLength(1)
})
