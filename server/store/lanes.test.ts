import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dyingAfter, meanwhile } from '../../test/support/dying-core.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../../test/support/test-house.ts'
import type { Core } from '../core/core.ts'
import { claimLanes, endNodeLease, settle } from '../core/lanes.ts'
import { reportReceipts } from '../core/receipts/report-receipts.ts'
import { startSending } from '../core/sending/start-sending.ts'
import { newId, uuidOfSid } from '../domain/ids.ts'
import { ACCOUNT_LANE } from '../domain/lane.ts'
import { type LaneKeeper, openLaneKeeper } from '../jobs/lane-keeper.ts'
import { openTimerWorker } from '../jobs/timer-worker.ts'
import { loadDueThreads } from './threads.ts'

const PERSON = '+15557770001'
const MINUTE_MS = 60_000
/** Steps of a claim; one that is cut off after more is not cut off. */
const MOST_STEPS = 6
/** Each is served by the house once, and then by nobody. */
const NUMBERS = Array.from({ length: 2 * MOST_STEPS + 11 }, (_, at) => `+155500010${10 + at}`)

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf(NUMBERS.map(number => ({ number }))))
})
afterAll(() => house.close())

/** A text as a node leaves it that dies while it hands it to a carrier; due soon, for nodes that live later than the house. */
async function leftUnderWay(number: string, body = 'Hello'): Promise<string> {
  const sent = await house.ask(
    'POST',
    `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`,
    new URLSearchParams({ From: number, To: PERSON, Body: body }),
  )
  const { db, clock } = house.house.core
  const id = sent.body.sid.slice(2)
  await expect.poll(() => statusOf(id)).toBe('delivered')
  const dueAt = new Date(clock.world().getTime() + MINUTE_MS)
  // The clock moves with it, so that the house does not write over it what it read before.
  await db.query(
    `with moved as (update clocks set clock = clock + 1), text as (
       update sms set status = 'sending', next_attempt_at = $2 where id = $1)
     update lanes set due_at = $2, node = $3 where lane = $4`,
    [id, dueAt, newId(0), number],
  )
  return id
}

/** A node that no longer finds what it does not finish: for the house, nothing of it is due. */
function laterNode(): Core {
  const { core } = house.house
  const { clock } = core
  const later = { ...clock, world: () => new Date(clock.world().getTime() + 2 * MINUTE_MS), machineMs: clock.machineMs }
  return { ...core, nodeId: newId(1), clock: later }
}

async function statusOf(id: string): Promise<string | undefined> {
  const [row] = await house.house.core.db.query<{ status: string }>('select status from sms where id = $1', [id])
  return row?.status
}

let runs = 0

test.each(['next', 'answer'] as const)(
  'what a dead node had under way becomes unknown, wherever the claim of its lane is cut off (before the %s)',
  async loses => {
    let cutOff = 0
    for (let steps = 1; steps <= MOST_STEPS; steps++) {
      const number = NUMBERS[runs++] ?? ''
      const id = await leftUnderWay(number)
      const node = laterNode()
      await claimLanes(dyingAfter(node, steps, loses)).catch(() => {
        cutOff += 1
      })
      await claimLanes(node)
      expect([steps, await statusOf(id)]).toEqual([steps, 'unknown'])
      const [lane] = await node.db.query('select node from lanes where lane = $1', [number])
      expect(lane).toEqual({ node: node.nodeId })
    }
    expect(cutOff).toBeGreaterThan(2)
    expect(cutOff).toBeLessThan(MOST_STEPS)
  },
)

test('no text is left under way in a lane that another node takes meanwhile', async () => {
  const number = NUMBERS[runs++] ?? ''
  const id = await leftUnderWay(number)
  for (let steps = 1; steps <= MOST_STEPS; steps++) {
    const [holder, next] = [laterNode(), { ...laterNode(), nodeId: newId(2) }]
    await holder.db.query(
      `with moved as (update clocks set clock = clock + 1), text as (
         update sms set status = 'queued', next_attempt_at = $4 where id = $1)
       update lanes set node = $2, due_at = $4 where lane = $3`,
      [id, holder.nodeId, number, new Date(house.house.core.clock.world().getTime() + MINUTE_MS)],
    )
    const asked = [{ smsId: id, carrier: null, isAgain: false }]
    const mark = () => startSending(holder, uuidOfSid('AC', ACCOUNT_SID) ?? '', asked)
    await claimLanes(meanwhile(next, steps, mark))
    await claimLanes(next)
    const [lane] = await next.db.query('select node from lanes where lane = $1', [number])
    expect([steps, lane]).toEqual([steps, { node: next.nodeId }])
    expect([steps, await statusOf(id)]).not.toEqual([steps, 'sending'])
  }
})

test('a node that ends in good order keeps no text under way from becoming unknown', async () => {
  const number = NUMBERS[runs++] ?? ''
  const id = await leftUnderWay(number)
  const [ended, next] = [laterNode(), laterNode()]
  await ended.db.query('update lanes set node = $2 where lane = $1', [number, ended.nodeId])
  await endNodeLease(ended, true)
  await claimLanes(next)
  expect(await statusOf(id)).toBe('unknown')
})

test('a node that ends waits for no act that is writing to its lanes', async () => {
  const [number = '', other = ''] = [NUMBERS[runs++], NUMBERS[runs++]]
  for (const each of [number, other]) await leftUnderWay(each)
  const ended = laterNode()
  await ended.db.query(
    `with done as (update sms set status = 'sent', next_attempt_at = null where status = 'sending')
     update lanes set node = $2 where lane = any($1)`,
    [[number, other], ended.nodeId],
  )
  await ended.db.withClient(async client => {
    await client.query('begin')
    await client.query('select from lanes where lane = $1 for update', [number])
    await endNodeLease(ended, true)
    await client.query('rollback')
  })
  const free = await ended.db.query('select lane from lanes where lane = any($1) and node is null', [[number, other]])
  expect(free).toEqual([{ lane: other }])
})

test.each([
  ['whole', 'Hello', 'delivered'],
  ['in parts', 'x'.repeat(400), 'sent'],
])('the receipt of a text that may have left %s when its node died tells of as much', async (_, body, told) => {
  const number = NUMBERS[runs++] ?? ''
  const id = await leftUnderWay(number, body)
  await claimLanes(laterNode())
  expect(await statusOf(id)).toBe('unknown')
  const { core } = house.house
  const about = { carrierMessageId: `of ${number}`, mayBePart: true as const, person: PERSON, number }
  const receipt = { ...about, status: 'delivered' as const, errorCode: null, carrierCode: null }
  await reportReceipts(core, uuidOfSid('AC', ACCOUNT_SID) ?? '', [{ carrier: 'simulator', receipt }])
  expect(await statusOf(id)).toBe(told)
})

test('a receipt that came to another node while a text was under way counts, whatever the clock there says', async () => {
  const number = NUMBERS[runs++] ?? ''
  const id = await leftUnderWay(number)
  const { core } = house.house
  const clock = { ...core.clock, world: () => new Date(core.clock.world().getTime() - MINUTE_MS) }
  const about = { carrierMessageId: `of ${number}`, person: PERSON, number }
  const receipt = { ...about, status: 'delivered' as const, errorCode: null, carrierCode: null }
  await reportReceipts({ ...core, clock }, uuidOfSid('AC', ACCOUNT_SID) ?? '', [{ carrier: 'simulator', receipt }])
  await claimLanes(laterNode())
  expect(await statusOf(id)).toBe('delivered')
})

test('a lane that is due when it was due before costs no write', async () => {
  const number = NUMBERS[runs++] ?? ''
  await leftUnderWay(number)
  const { core } = house.house
  const clock = async () => (await core.db.query('select clock from clocks'))[0]
  const before = await clock()
  await settle(core, uuidOfSid('AC', ACCOUNT_SID) ?? '', [number])
  expect(await clock()).toEqual(before)
})

test('an account with changes of users that nobody was told of yet stays due', async () => {
  const { core } = house.house
  const accountId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
  await core.db.query(
    `with moved as (update clocks set clock = clock + 1), lane as (
       insert into lanes (account_id, lane, due_at) values ($1, 'account', 'infinity')
       on conflict (account_id, lane) do update set due_at = 'infinity')
     insert into user_changes (account_id, born, user_id, kind) select $1, clock + 1, $2, 'renamed' from clocks`,
    [accountId, newId(0)],
  )
  await settle(core, accountId, ['account'])
  await expect.poll(() => core.db.query('select from user_changes')).toEqual([])
})

/** The core of a node that cannot read which threads are due. */
function failing(core: Core): Core {
  const { db } = core
  const withClient: Core['db']['withClient'] = run =>
    db.withClient(client => {
      const query = (asked: { text?: string }) => {
        if (asked.text === loadDueThreads) return Promise.reject(new Error('These threads are bad.'))
        return client.query(asked as never)
      }
      return run(Object.assign(Object.create(client), { query }))
    })
  return { ...core, db: { ...db, withClient } }
}

test('a timer that fails keeps none of the others of its account from what is due', async () => {
  const accountId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
  const { core } = house.house
  await core.db.query(
    `with moved as (update clocks set clock = clock + 1)
     insert into user_changes (account_id, born, user_id, kind) select $1, clock + 1, $2, 'renamed' from clocks`,
    [accountId, newId(0)],
  )
  const waking = openTimerWorker(failing(core)).wake({ accountId, lane: ACCOUNT_LANE })
  await expect(waking).rejects.toThrow('These threads are bad.')
  expect(await core.db.query('select from user_changes')).toEqual([])
})

describe('the keeper of lanes', () => {
  const keepers: LaneKeeper[] = []
  afterEach(async () => {
    for (const keeper of keepers.splice(0)) await keeper.stop(true)
  })

  /** Lanes of an account, each with something due that only later nodes see, longest due first. */
  async function dueLanesOf(node: Core, prefix: string, count: number): Promise<void> {
    await node.db.query(
      `insert into lanes (account_id, lane, due_at, node)
       select $1, $2 || lpad(n::text, 5, '0'), $4::timestamptz + n * interval '1 millisecond', $3
       from generate_series(1, $5) as n`,
      [
        uuidOfSid('AC', ACCOUNT_SID),
        prefix,
        node.nodeId,
        new Date(node.clock.world().getTime() - MINUTE_MS / 2),
        count,
      ],
    )
  }

  async function keep(node: Core, wake: (lane: string) => Promise<boolean>): Promise<unknown[]> {
    const errors: unknown[] = []
    const worker = { wake: (lane: { lane: string }) => wake(lane.lane), forget() {}, distrust() {} }
    const keeper = openLaneKeeper(node, [worker], error => errors.push(error))
    keepers.push(keeper)
    await keeper.start()
    return errors
  }

  const stillDue = async (node: Core, prefix: string) =>
    (
      await node.db.query<{ lane: string }>(
        `select lane from lanes where lane like $1 || '%' and due_at < 'infinity' order by lane`,
        [prefix],
      )
    ).map(row => row.lane)

  test('knows that its lanes went to a node by whose clock its lease is over', async () => {
    const node = laterNode()
    const held = { accountId: uuidOfSid('AC', ACCOUNT_SID) ?? '', lane: 'gone00001' }
    await dueLanesOf(node, 'gone', 1)
    await keep(node, async () => true)
    await expect.poll(() => keepers.at(-1)?.holds(held)).toBe(true)
    const machineMs = () => node.clock.machineMs() + MINUTE_MS
    await claimLanes({ ...node, nodeId: newId(2), clock: { ...node.clock, machineMs } })
    await expect.poll(() => keepers.at(-1)?.holds(held)).toBe(false)
  })

  test('gives every lane its turn, however many are busy before it', async () => {
    const node = laterNode()
    await dueLanesOf(node, 'busy', 2300)
    const woken = new Set<string>()
    await keep(node, async lane => {
      if (lane.startsWith('busy')) woken.add(lane)
      return true
    })
    await expect.poll(() => woken.size).toBe(2300)
  })

  test('lets nobody wait for a lane whose work is long, nor for one that fails', async () => {
    const node = laterNode()
    await dueLanesOf(node, 'long', 1)
    const begun: string[] = []
    let end = () => {}
    const isLong = new Promise<void>(resolve => {
      end = resolve
    })
    const errors = await keep(node, async lane => {
      begun.push(lane)
      if (lane.startsWith('long')) await isLong
      if (lane.startsWith('bad')) throw new Error('This lane is bad.')
      return false
    })
    await expect.poll(() => begun).toContain('long00001')
    await dueLanesOf(node, 'bad', 1)
    await dueLanesOf(node, 'good', 3)
    await expect.poll(() => stillDue(node, 'good')).toEqual([])
    expect(errors.length).toBeGreaterThan(0)
    expect(await stillDue(node, 'bad')).toEqual(['bad00001'])
    expect(begun.filter(lane => lane.startsWith('long'))).toEqual(['long00001'])
    end()
    await expect.poll(() => stillDue(node, 'long')).toEqual([])
  })
})
