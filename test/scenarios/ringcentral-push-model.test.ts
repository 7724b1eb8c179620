import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { EntriesClient } from '../support/inbox-clients.ts'
import { BILLING, type InboxHouse, openInboxHouse } from '../support/inbox-house.ts'
import { between, pick, type Random, randomOf } from '../support/random.ts'
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts'
import type { Answer } from '../support/test-house.ts'

const FILTERS = ['/restapi/v1.0/account/~/message-threads/sync', '/restapi/v1.0/account/~/message-threads/entries/sync']
const HANDLERS = ['ann', 'bob'] as const
const EXTENSIONS = { ann: '101', bob: '102' } as const
const SEEDS = [1, 2, 3]
const DEEDS = 50

type Handler = (typeof HANDLERS)[number]
type Body = Answer['body']

let house: InboxHouse

beforeAll(async () => {
  house = await openInboxHouse()
})
afterAll(() => house.close())

/** A handler's program that keeps what is unassigned or his, and syncs only when it is told, or told that it may have missed something. */
class ToldClient {
  readonly entries: EntriesClient
  readonly #user: Handler
  #socket: RawSocket | undefined
  #seen = 0
  #working: Promise<void> = Promise.resolve()

  constructor(user: Handler) {
    this.#user = user
    this.entries = new EntriesClient(house, user, EXTENSIONS[user], 'AssignedToMeAndUnassigned')
  }

  async start(): Promise<void> {
    await this.#connect()
    await this.#socket?.subscribe(FILTERS)
    await this.entries.start()
  }

  /** Loses its connection, and goes on with its session on another. */
  async reconnect(meanwhile: () => Promise<void>): Promise<void> {
    const wsc = this.#socket?.wsc()
    this.#socket?.cut()
    await meanwhile()
    await this.#connect(wsc)
    if (this.#socket?.greeting().recoveryState !== 'Failed') return
    await this.#socket.subscribe(FILTERS)
    await this.entries.start()
  }

  /** Follows what it has been told so far. */
  async follow(): Promise<void> {
    await this.#working
    const told = this.#socket?.events().length ?? 0
    if (told === this.#seen) return
    this.#seen = told
    this.#working = this.entries.sync()
    await this.#working
  }

  async stop(): Promise<void> {
    await this.#socket?.close()
  }

  async #connect(wsc?: string): Promise<void> {
    this.#socket = await openRawSocket(house, this.#user, wsc)
    this.#seen = 0
  }
}

let guests = 0

async function openThreads(): Promise<Body[]> {
  return house.threads('ann', '&threadStatus=Open')
}

/** Does something that a team and its guests do; what is refused changes nothing. */
async function deed(random: Random, numbers: string[]): Promise<void> {
  const by = pick(random, HANDLERS)
  const threads = await openThreads()
  const guest = pick(random, numbers)
  if (threads.length === 0 || random() < 0.3) return void (await house.text(guest, BILLING, `text ${random()}`))
  const thread = pick(random, threads)
  const assignee = pick(random, [{ extensionId: '101' }, { extensionId: '102' }, null])
  const path = `/message-threads/${thread.id}`
  const said = await house.as(by, 'GET', `/message-threads/messages?threadIds=${thread.id}`)
  const ids = (said.body.records as Body[]).map(message => message.id).slice(0, between(random, 1, 2))
  const deeds: (() => Promise<unknown>)[] = [
    () => house.as(by, 'POST', `${path}/assign`, { assignee }),
    () => house.as(by, 'POST', `${path}/assign`, { assignee }),
    () => sends(by, thread.guestParty.phoneNumber),
    () => sends(by, guest),
    () => house.as(by, 'POST', '/message-threads/notes', { threadId: thread.id, text: `note ${random()}` }),
    () => house.as(by, 'DELETE', '/message-threads/messages', { ids }),
    () => house.as(by, 'POST', `${path}/resolve`),
    () => house.as(by, 'DELETE', path),
    () => house.advance(`PT${between(random, 1, 40)}H`),
  ]
  await pick(random, deeds)().catch(() => {})
}

function sends(by: Handler, to: string): Promise<Answer> {
  const body = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: to }], text: 'Hi there' }
  return house.as(by, 'POST', '/message-threads/messages', body)
}

test.each(SEEDS)(
  'who syncs only when told always has what the server lists (seed %i)',
  { timeout: 120_000 },
  async seed => {
    const random = randomOf(seed)
    guests += 10
    const numbers = [0, 1, 2].map(at => `+1555775${String(guests + at).padStart(4, '0')}`)
    const clients = HANDLERS.map(user => new ToldClient(user))
    for (const client of clients) await client.start()
    for (let at = 0; at < DEEDS; at++) {
      if (random() < 0.2) {
        const away = pick(random, clients)
        await away.reconnect(async () => {
          for (let missed = between(random, 0, 3); missed > 0; missed--) await deed(random, numbers)
        })
      } else {
        await deed(random, numbers)
      }
      // Each time anew: a later event would hide that an earlier one never came.
      for (const client of clients) await agrees(client)
    }
    for (const client of clients) await client.stop()
  },
)

/** Waits until what a client was told of has made it know what is listed; receipts come a little later. */
async function agrees(client: ToldClient): Promise<void> {
  await vi.waitFor(
    async () => {
      await client.follow()
      expect(client.entries.known()).toEqual(await client.entries.listed())
    },
    { timeout: 10_000, interval: 20 },
  )
}
