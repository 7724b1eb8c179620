import { afterAll, beforeAll, expect, test } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse } from '../../../test/support/inbox-house.ts'
import { ACCOUNT_SID } from '../../../test/support/test-house.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { readClock } from '../../store/read/clocks.ts'
import { readHappened } from './read-happened.ts'

const ACCOUNT_ID = uuidOfSid('AC', ACCOUNT_SID) ?? ''

let house: InboxHouse
beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

test('a stretch that is read in parts tells of each text as new once, though it changed in a later part', async () => {
  const { db } = house.house.core
  const before = await readClock(db, ACCOUNT_ID)
  for (const person of ['+15557780001', '+15557780002', '+15557780003']) await house.text(person, BILLING, 'Hello')
  const { records } = (await house.as('ann', 'GET', '/message-threads/messages')).body
  const ids = records.map(({ id }: { id: string }) => id)
  await house.as('ann', 'DELETE', '/message-threads/messages', { ids })
  const after = await readClock(db, ACCOUNT_ID)

  for (const maxRows of [1, 2, 3]) {
    const told: string[] = []
    let parts = 0
    for (let since = before.clock; since < after.clock; parts++) {
      const asked = { accountId: ACCOUNT_ID, since, through: after.clock, withTexts: true }
      const part = await readHappened(db, asked, maxRows)
      expect(part.through).toBeGreaterThan(since)
      for (const text of part.texts) {
        if (text.version <= part.through && text.isNew) told.push(String(text.born))
      }
      since = part.through
    }
    expect(parts).toBeGreaterThan(1)
    expect(told.sort()).toEqual([...ids].sort())
  }
})
