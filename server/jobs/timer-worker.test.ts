import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../../test/support/test-house.ts'
import type { Core } from '../core/core.ts'
import { newId, uuidOfSid } from '../domain/ids.ts'
import { ACCOUNT_LANE } from '../domain/lane.ts'
import { loadDueThreads } from '../store/threads.ts'
import { openTimerWorker } from './timer-worker.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf([]))
})
afterAll(() => house.close())

/** The core of a node that cannot read which threads are due. */
function failing(): Core {
  const { core } = house.house
  const { db } = core
  return {
    ...core,
    db: {
      ...db,
      withClient: run =>
        db.withClient(client => {
          const query = (asked: { text?: string }) => {
            if (asked.text === loadDueThreads) return Promise.reject(new Error('These threads are bad.'))
            return client.query(asked as never)
          }
          return run(Object.assign(Object.create(client), { query }))
        }),
    },
  }
}

test('a timer that fails keeps none of the others from what is due', async () => {
  const accountId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
  const { db } = house.house.core
  await db.query(
    `with moved as (update clocks set clock = clock + 1)
     insert into user_changes (account_id, born, user_id, kind) values ($1, 1000000, $2, 'renamed')`,
    [accountId, newId(0)],
  )
  const waking = openTimerWorker(failing()).wake({ accountId, lane: ACCOUNT_LANE })
  await expect(waking).rejects.toThrow('These threads are bad.')
  expect(await db.query('select from user_changes')).toEqual([])
})
