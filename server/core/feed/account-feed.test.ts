import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { movableClock } from '../../domain/clock.ts'
import { insertAccount } from '../../store/accounts.ts'
import { Changes } from '../../store/changes.ts'
import { transact } from '../../store/transaction.ts'
import type { Core } from '../core.ts'
import { type AccountFeed, openAccountFeed, type Stretch } from './account-feed.ts'

let database: TestDatabase
let feed: AccountFeed
let accountId: string
let errors: unknown[]

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  accountId = randomUUID()
  errors = []
  const now = new Date('2026-03-01T12:00:00Z')
  const authToken = Buffer.from('sealed')
  await insertAccount(database.database, { accountId, parentId: null, name: 'Test', authToken, settings: {}, now })
  const core = { db: database.database, clock: movableClock(() => 0), nodeId: randomUUID() } as Partial<Core>
  feed = openAccountFeed(core as Core, error => errors.push(error))
})

/** Moves the account's clock by one, as an act does; gives where it stands then. */
async function write(): Promise<number> {
  const { result } = await transact(database.database, accountId, async tx => {
    const changes = new Changes()
    changes.touchConfig()
    return { result: tx.clock + 1, changes, clock: tx.clock + 1 }
  })
  return result
}

test('stretches follow each other without a gap, and what comes while one is worked on comes as one', async () => {
  const seen: Stretch[] = []
  let goOn = () => {}
  const { from } = await feed.watch(accountId, async stretch => {
    seen.push(stretch)
    await new Promise<void>(resolve => {
      goOn = resolve
    })
  })
  feed.heard(accountId, await write())
  await expect.poll(() => seen).toHaveLength(1)
  feed.heard(accountId, await write())
  feed.heard(accountId, await write())
  goOn()
  await expect.poll(() => seen).toHaveLength(2)
  goOn()
  expect(seen).toEqual([
    { accountId, since: from, through: from + 1 },
    { accountId, since: from + 1, through: from + 3 },
  ])
})

test('a listener that fails is told again, with what came since', async () => {
  const seen: Stretch[] = []
  const { from } = await feed.watch(accountId, async stretch => {
    seen.push(stretch)
    if (seen.length === 1) throw new Error('away')
  })
  feed.heard(accountId, await write())
  await expect.poll(() => errors).toHaveLength(1)
  feed.heard(accountId, await write())
  await expect.poll(() => seen).toHaveLength(2)
  expect(seen[1]).toEqual({ accountId, since: from, through: from + 2 })
})

test('what nobody told of is seen at the next look, and who stopped sees nothing', async () => {
  const seen: Stretch[] = []
  const gone: Stretch[] = []
  const { from } = await feed.watch(accountId, async stretch => void seen.push(stretch))
  const watch = await feed.watch(accountId, async stretch => void gone.push(stretch))
  watch.stop()
  await write()
  await feed.look()
  await expect.poll(() => seen).toEqual([{ accountId, since: from, through: from + 1 }])
  await feed.look()
  expect(seen).toHaveLength(1)
  expect(gone).toEqual([])
})
