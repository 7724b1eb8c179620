import { afterAll, beforeAll, expect, test } from 'vitest'
import { dyingAfter } from '../../test/support/dying-core.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../../test/support/test-house.ts'
import type { Core } from '../core/core.ts'
import { claimLanes } from '../core/lanes.ts'
import { newId } from '../domain/ids.ts'

const PERSON = '+15557770001'
const MINUTE_MS = 60_000
/** Steps of a claim; one that is cut off after more is not cut off. */
const MOST_STEPS = 6
/** Each is served by the house once, and then by nobody. */
const NUMBERS = Array.from({ length: 2 * MOST_STEPS }, (_, at) => `+155500010${10 + at}`)

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf(NUMBERS.map(number => ({ number }))))
})
afterAll(() => house.close())

/** A text as a node leaves it that dies while it hands it to a carrier; due soon, for nodes that live later than the house. */
async function leftUnderWay(number: string): Promise<string> {
  const { body } = await house.ask(
    'POST',
    `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`,
    new URLSearchParams({ From: number, To: PERSON, Body: 'Hello' }),
  )
  const { db, clock } = house.house.core
  const id = body.sid.slice(2)
  await expect.poll(() => statusOf(id)).toBe('delivered')
  const dueAt = new Date(clock.world().getTime() + MINUTE_MS)
  await db.query(`update sms set status = 'sending', next_attempt_at = $2 where id = $1`, [id, dueAt])
  await db.query('update lanes set due_at = $2, node = $3 where lane = $1', [number, dueAt, newId(0)])
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
