import { afterAll, beforeAll, expect, test } from 'vitest'
import { BILLING, type InboxHouse, openInboxHouse } from '../../../test/support/inbox-house.ts'
import { ACCOUNT_SID } from '../../../test/support/test-house.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { readClock } from './clocks.ts'
import { listInboxChanges, listTextNews } from './inbox-news.ts'

const ACCOUNT_ID = uuidOfSid('AC', ACCOUNT_SID) ?? ''

let house: InboxHouse
beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

test('a message is new once, wherever the stretches meet and whatever became of it before they are read', async () => {
  const { db } = house.house.core
  const before = await readClock(db, ACCOUNT_ID)
  const to = [{ phoneNumber: '+15557780001' }]
  const sent = await house.as('ann', 'POST', '/message-threads/messages', {
    from: { phoneNumber: BILLING },
    to,
    text: 'Hello',
  })
  await house.house.settled()
  await house.advance('PT1S')
  await house.house.settled()
  await house.as('ann', 'DELETE', '/message-threads/messages', { ids: [sent.body.id] })
  const after = await readClock(db, ACCOUNT_ID)

  const read = async (since: number, through: number) => {
    const range = { since, through, limit: 100 }
    const changes = await listInboxChanges(db, ACCOUNT_ID, range)
    const texts = await listTextNews(db, ACCOUNT_ID, range)
    for (const { version } of [...changes, ...texts]) {
      expect(version).toBeGreaterThan(since)
      expect(version).toBeLessThanOrEqual(through)
    }
    const last = changes.at(-1)?.version ?? since
    return { what: changes.map(change => change.what), isNew: texts.map(text => text.isNew), last }
  }

  expect(after.clock - before.clock).toBeGreaterThan(5)
  const whole = await read(before.clock, after.clock)
  expect(whole).toMatchObject({ what: ['opened', 'message_deleted'], isNew: [true] })
  let added = 0
  for (let cut = before.clock + 1; cut < whole.last; cut++) {
    const [first, second] = [await read(before.clock, cut), await read(cut, after.clock)]
    if (!first.isNew.includes(true)) {
      // It was not yet there.
      expect([cut, second.isNew]).toEqual([cut, [true]])
      continue
    }
    added += 1
    // Within one act its line of history may come before or after it.
    const what = [...first.what, 'then', ...second.what].filter(each => each !== 'opened')
    expect([cut, what]).toEqual([cut, ['message_added', 'then', 'message_deleted']])
    expect([cut, second.isNew]).toEqual([cut, [false]])
  }
  expect(added).toBeGreaterThan(2)
})

test('of a thread that changed hands since, all handlers are told what was said, since nobody knows whose it was', async () => {
  const { db } = house.house.core
  const clock = async () => (await readClock(db, ACCOUNT_ID)).clock
  const person = '+15557780002'
  await house.text(person, BILLING, 'first')
  const [thread] = await house.threads('ann', `&guestPhoneNumber=${encodeURIComponent(person)}`)
  const assign = (extensionId: string) =>
    house.as('ann', 'POST', `/message-threads/${thread?.id}/assign`, { assignee: { extensionId } })
  await assign('101')
  const before = await clock()
  await house.text(person, BILLING, 'second')
  const kept = await clock()
  await assign('102')
  const after = await clock()

  const tellsAll = async (since: number, through: number) => {
    const changes = await listInboxChanges(db, ACCOUNT_ID, { since, through, limit: 100 })
    return changes.filter(({ what }) => what === 'message_added').map(({ assigneeId }) => assigneeId === null)
  }
  expect(await tellsAll(before, after)).toEqual([true])
  expect(await tellsAll(before, kept)).toEqual([true])
  await house.text(person, BILLING, 'third')
  expect(await tellsAll(after, await clock())).toEqual([false])
})
