import { afterAll, beforeAll, expect, test } from 'vitest'
import { EntriesClient, type Scope, ThreadsClient } from '../support/inbox-clients.ts'
import { BILLING, type InboxHouse, openInboxHouse } from '../support/inbox-house.ts'
import { between, pick, randomOf } from '../support/random.ts'

/** The same seed asks for the same; what crosses what is as the machine has it. */
const SEED = Number(process.env.HEDDLE_CRASH_SEED ?? Date.now() % 1_000_000)
const GUESTS = Array.from({ length: 6 }, (_, at) => `+1555776900${at}`)
const STEPS_OF_A_GUEST = 15
const EXTENSIONS = { ann: '101', bob: '102' } as const
const HANDLERS = ['ann', 'bob'] as const
const SCOPES: Scope[] = ['Accessible', 'Unassigned', 'AssignedToMe', 'AssignedToMeAndUnassigned']

let house: InboxHouse
beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

test(`clients that sync while threads open, change hands and end miss nothing (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  const random = randomOf(SEED)
  const clients = HANDLERS.flatMap(user => [
    new ThreadsClient(house, user),
    ...SCOPES.map(scope => new EntriesClient(house, user, EXTENSIONS[user], scope)),
  ])
  for (const client of clients) await client.start()

  async function live(guest: string): Promise<void> {
    for (let step = 0; step < STEPS_OF_A_GUEST; step++) {
      await house.text(guest, BILLING, `text ${step}`)
      const [thread] = await house.threads('ann', `&threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}`)
      const path = `/message-threads/${thread?.id}`
      const by = pick(random, HANDLERS)
      const extensionId = EXTENSIONS[pick(random, HANDLERS)]
      if (between(random, 0, 1) === 0) await house.as(by, 'POST', `${path}/assign`, { assignee: { extensionId } })
      if (between(random, 0, 1) === 0) {
        for (const handler of HANDLERS) await house.as(handler, 'POST', `${path}/resolve`)
      }
    }
  }

  let isOver = false
  const syncing = clients.map(async client => {
    let syncs = 0
    while (!isOver) {
      await client.sync()
      syncs += 1
    }
    return syncs
  })
  await Promise.all(GUESTS.map(live))
  await house.house.settled()
  isOver = true
  const syncs = await Promise.all(syncing)
  expect(Math.min(...syncs)).toBeGreaterThan(5)
  for (const client of clients) {
    await client.sync()
    expect(client.known()).toEqual(await client.listed())
  }
})
