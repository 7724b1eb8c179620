import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedWithInventory } from '../../test/support/inventory.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, type TestHouse } from '../../test/support/test-house.ts'
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
