import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { clientOf } from '../support/conversations-client.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const LIMIT = 4
/** So many at once that they are more than two seconds may bring, should one end meanwhile. */
const BURST = 3 * LIMIT

describe('with limits, a second brings so many changes and no more', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>

  beforeAll(async () => {
    house = await openTestHouse(seedOf([]), { HEDDLE_CONVERSATIONS_LIMITS: `conversation=${LIMIT},service=${LIMIT}` })
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const conversations = () => client.conversations.v1.conversations

  /** Which of the requests were answered, and the codes of those that were refused. */
  async function burst(request: (at: number) => Promise<unknown>): Promise<{ done: number; refused: unknown[] }> {
    const all = await Promise.allSettled(Array.from({ length: BURST }, (_, at) => request(at)))
    const refused = all.flatMap(each => (each.status === 'rejected' ? [[each.reason.status, each.reason.code]] : []))
    return { done: all.length - refused.length, refused }
  }

  test('to one conversation, while others and all reading go on', async () => {
    const [busy, quiet] = [await conversations().create({}), await conversations().create({})]
    const { done, refused } = await burst(at => conversations()(busy.sid).messages.create({ body: `text ${at}` }))
    expect(done).toBeGreaterThanOrEqual(LIMIT)
    expect(done).toBeLessThan(BURST)
    expect(refused).toEqual(Array.from({ length: BURST - done }, () => [429, 50063]))
    await conversations()(quiet.sid).messages.create({ body: 'nobody is in a hurry here' })
    expect((await burst(() => conversations()(busy.sid).fetch())).done).toBe(BURST)
    expect(await conversations()(busy.sid).messages.list()).toHaveLength(done)
  })

  test('to the conversations, users and roles of one service', async () => {
    const other = await client.conversations.v1.services.create({ friendlyName: 'Other' })
    const { done, refused } = await burst(at =>
      at % 2 === 0 ? conversations().create({}) : client.conversations.v1.users.create({ identity: `user ${at}` }),
    )
    expect(done).toBeLessThan(BURST)
    expect(refused).toEqual(Array.from({ length: BURST - done }, () => [429, 50074]))
    await client.conversations.v1.services(other.sid).conversations.create({})
  })
})

test('without limits nobody counts', async () => {
  const house = await openTestHouse(seedOf([]))
  const { conversations } = clientOf(house).conversations.v1
  const { sid } = await conversations.create({})
  const said = await Promise.all(
    Array.from({ length: 40 }, () => conversations(sid).messages.create({ body: 'again' })),
  )
  expect(said).toHaveLength(40)
  await house.close()
})

test.each([
  ['vendor', { conversation: 30, service: 30 }],
  ['service=5', { conversation: 30, service: 5 }],
  ['', null],
])('the setting %j allows %j', (value, limits) => {
  expect(readConfig({ HEDDLE_CONVERSATIONS_LIMITS: value }).conversationsLimits).toEqual(limits)
})

test.each(['many', 'conversation=0', 'toString=5', 'service=1,'])('the setting %j is refused', value => {
  expect(() => readConfig({ HEDDLE_CONVERSATIONS_LIMITS: value })).toThrow('HEDDLE_CONVERSATIONS_LIMITS must be vendor')
})
