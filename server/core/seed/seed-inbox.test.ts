import { afterAll, beforeAll, expect, test } from 'vitest'
import { INBOX_SEED, type InboxHouse, openInboxHouse, SUPPORT } from '../../../test/support/inbox-house.ts'
import type { Seed } from '../../domain/seed.ts'
import { applySeed } from './apply-seed.ts'

let house: InboxHouse
beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

const apply = (seed: Seed) => applySeed(house.house.core, house.house.core.seal, seed)

async function shown(): Promise<unknown> {
  const paths = ['/extension', '/call-queues', '/phone-number', '/extension/201/sms-recipients']
  return Promise.all(paths.map(async path => (await house.as('ann', 'GET', path)).body))
}

test('a seed applied again changes nothing of the inbox, and shows no password anew', async () => {
  const before = await shown()
  expect(await apply(INBOX_SEED)).toEqual([])
  expect(await shown()).toEqual(before)
})

test('a seed does not bring back a queue that was deleted, nor its hold on a number', async () => {
  expect((await house.as('ann', 'DELETE', '/extension/202')).status).toBe(204)
  const before = await shown()
  await apply(INBOX_SEED)
  expect(await shown()).toEqual(before)
  await house.text('+15557770001', SUPPORT, 'hello')
  expect(await house.threads('cal')).toEqual([])
})

test('a seed that contradicts itself is refused with what is wrong', async () => {
  const users = INBOX_SEED.accounts[0]?.users ?? []
  const seedWith = (changes: Partial<Seed['accounts'][number]>): Seed => ({
    accounts: [{ sid: 'AC00000000000000000000000000000003', name: 'Wrong', users, ...changes }],
  })
  await expect(apply(seedWith({ queues: [{ name: 'Q', handlers: ['nobody'] }] }))).rejects.toThrow(
    'has nobody handle Q',
  )
  await expect(apply(seedWith({ queues: [], numbers: [{ number: '+15550007000', queue: 'Q' }] }))).rejects.toThrow(
    'gives +15550007000 to the queue Q, which it does not name',
  )
  await expect(apply(seedWith({ queues: [{ name: 'Q', closesAfter: 'soon' }] }))).rejects.toThrow(
    'which is no duration',
  )
  await expect(apply(seedWith({ queues: [{ name: 'Q', extensionId: 101 }] }))).rejects.toThrow('extension 101 twice')
})
