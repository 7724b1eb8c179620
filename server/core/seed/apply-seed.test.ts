import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedWithInventory } from '../../../test/support/inventory.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../../../test/support/test-house.ts'
import { applySeed } from './apply-seed.ts'

const KEY = { sid: `SK${'1'.repeat(32)}`, secret: 'a secret' }
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`
const seed = seedWithInventory([{ number: '+15550001000' }, { number: '+15550002000' }])
for (const account of seed.accounts) account.apiKeys = [KEY, { name: 'made with its account' }]

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seed)
})
afterAll(() => house.close())

const namesOf = async (list: string, name: string) => {
  const { body } = await house.ask('GET', `${ACCOUNT}/${list}.json`)
  return body[list === 'Keys' ? 'keys' : 'incoming_phone_numbers'].map((each: Record<string, string>) => each[name])
}
const apply = () => applySeed(house.house.core, house.house.core.seal, seed)

test('a seed applied again changes nothing', async () => {
  const before = [await namesOf('IncomingPhoneNumbers', 'sid'), await namesOf('Keys', 'sid')]
  expect(before.map(each => each.length)).toEqual([2, 2])
  await apply()
  expect([await namesOf('IncomingPhoneNumbers', 'sid'), await namesOf('Keys', 'sid')]).toEqual(before)
})

test('a seed does not bring back numbers that were released or passed on, nor keys that were revoked', async () => {
  const [moved, released] = await namesOf('IncomingPhoneNumbers', 'sid')
  const child = await house.ask('POST', '/2010-04-01/Accounts.json', new URLSearchParams({ FriendlyName: 'Child' }))
  const passOn = new URLSearchParams({ AccountSid: child.body.sid })
  expect((await house.ask('POST', `${ACCOUNT}/IncomingPhoneNumbers/${moved}.json`, passOn)).status).toBe(200)
  expect((await house.ask('DELETE', `${ACCOUNT}/IncomingPhoneNumbers/${released}.json`)).status).toBe(204)
  expect((await house.ask('DELETE', `${ACCOUNT}/Keys/${KEY.sid}.json`)).status).toBe(204)

  await apply()
  expect(await namesOf('IncomingPhoneNumbers', 'sid')).toEqual([])
  expect(await namesOf('Keys', 'sid')).not.toContain(KEY.sid)
  const asKey = { authorization: `Basic ${Buffer.from(`${KEY.sid}:${KEY.secret}`).toString('base64')}` }
  expect((await house.ask('GET', `${ACCOUNT}/Messages.json`, undefined, asKey)).status).toBe(401)
  expect((await house.ask('GET', `${ACCOUNT}.json`)).body.auth_token).toBe(AUTH_TOKEN)
})

test('an account without a SID is known by its name, once it was made', async () => {
  const { core } = house.house
  const numbers = [{ number: '+15550003000' }]
  const [made] = await applySeed(core, core.seal, { accounts: [{ name: 'Nameless', numbers }] })
  const more = [...numbers, { number: '+15550003001' }]
  const [again] = await applySeed(core, core.seal, { accounts: [{ name: 'Nameless', numbers: more }] })
  expect(again?.sid).toBe(made?.sid)
  const authorization = `Basic ${Buffer.from(`${made?.sid}:${made?.authToken}`).toString('base64')}`
  const renamed = new URLSearchParams({ FriendlyName: 'Called otherwise since' })
  const own = `/2010-04-01/Accounts/${made?.sid}.json`
  expect((await house.ask('POST', own, renamed, { authorization })).status).toBe(200)
  const [third] = await applySeed(core, core.seal, { accounts: [{ name: 'Nameless', numbers: more }] })
  expect(third?.sid).toBe(made?.sid)
  const { body } = await house.ask('GET', '/v1/numbers', undefined, { authorization })
  expect(body.records.map(({ number }: { number: string }) => number)).toEqual(['+15550003001', '+15550003000'])
})

test('accounts that no SID and no name tells apart are refused', async () => {
  const { core } = house.house
  const twice = { accounts: [{ name: 'Twin' }, { name: 'Twin' }] }
  await expect(applySeed(core, core.seal, twice)).rejects.toThrow('The seed has two accounts Twin without a sid')
  await applySeed(core, core.seal, {
    accounts: ['3', '4'].map(end => ({ sid: `AC${end.repeat(32)}`, name: 'Triplet' })),
  })
  const third = applySeed(core, core.seal, { accounts: [{ name: 'Triplet' }] })
  await expect(third).rejects.toThrow('there are 2 of that name')
})
