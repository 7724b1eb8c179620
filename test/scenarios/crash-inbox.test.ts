import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { isAlive } from '../support/embedded-process.ts'
import { type HeddleProcess, newHeddleProcess } from '../support/heddle-process.ts'
import { EntriesClient, type Scope, ThreadsClient } from '../support/inbox-clients.ts'
import { BILLING, INBOX_SEED, type InboxDoor, inboxDoor } from '../support/inbox-house.ts'
import { between, pick, type Random, randomOf } from '../support/random.ts'
import { ACCOUNT_SID, type Answer, AUTH_TOKEN } from '../support/test-house.ts'

/** The same seed does the same in the same order; what a kill cuts through is as the machine has it. */
const SEED = Number(process.env.HEDDLE_CRASH_SEED ?? Date.now() % 1_000_000)
const ROUNDS = Number(process.env.HEDDLE_CRASH_ROUNDS ?? 4)
const STEPS_A_ROUND = 30
const ROUND_WITHIN_MS = 30_000
const EQUAL_WITHIN_MS = 20_000

type Handler = 'ann' | 'bob'
type Body = Answer['body']
const HANDLERS: Handler[] = ['ann', 'bob']
const EXTENSIONS = { ann: '101', bob: '102' }
const SCOPES: Scope[] = ['Accessible', 'Unassigned', 'AssignedToMe', 'AssignedToMeAndUnassigned']
const GUESTS = ['+15557790001', '+15557790002', '+15557790003']

let heddle: HeddleProcess | undefined
afterEach(() => heddle?.remove())

test(
  `clients that only sync end with what the server lists, whatever is killed under them (seed ${SEED}, ${ROUNDS} rounds)`,
  async () => {
    const random = randomOf(SEED)
    heddle = await newHeddleProcess(INBOX_SEED)
    await heddle.start()
    const team = openTeam(heddle.url, random)
    const clients = HANDLERS.flatMap(user => [
      new ThreadsClient(team.door, user),
      ...SCOPES.map(scope => new EntriesClient(team.door, user, EXTENSIONS[user], scope)),
    ])
    for (const client of clients) await client.start()
    for (let round = 0; round < ROUNDS; round++) {
      for (let step = 0; step < STEPS_A_ROUND; step++) {
        if (between(random, 0, 1) === 0) await pick(random, clients).sync()
        else await team.act()
      }
      await killUnder(heddle, random, team)
      for (const client of clients) if (between(random, 0, 1) === 0) await client.sync()
    }
    for (const client of clients) await becomeEqual(client)
    const listed = await team.texts()
    const lost = team.acknowledged.filter(text => listed.filter(each => each === text).length !== 1)
    expect(lost).toEqual([])
    expect(team.acknowledged.length).toBeGreaterThan(ROUNDS)
  },
  60_000 + ROUNDS * ROUND_WITHIN_MS,
)

/** Guests who text and handlers who do what they may, each as the numbers have it. */
function openTeam(url: string, random: Random) {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`
  const acknowledged: string[] = []
  let texts = 0

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const isForm = body instanceof URLSearchParams
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers }
  }

  const door: InboxDoor = inboxDoor(ask)

  /** A text counts from the moment on in which it is acknowledged. */
  async function say(send: (text: string) => Promise<Answer>): Promise<void> {
    const text = `text ${texts++}`
    const { status } = await send(text)
    if (status === 201) acknowledged.push(text)
  }

  async function openThread(guest: string): Promise<Body> {
    const query = `threadStatus=Open&guestPhoneNumber=${encodeURIComponent(guest)}`
    const { status, body } = await door.as('ann', 'GET', `/message-threads?${query}`)
    return status === 200 ? body.records[0] : undefined
  }

  async function act(): Promise<void> {
    const by = pick(random, HANDLERS)
    const to = pick(random, [...HANDLERS, null])
    const guest = pick(random, GUESTS)
    const kind = between(random, 0, 9)
    if (kind < 3) return say(text => ask('POST', '/simulator/messages', { from: guest, to: BILLING, body: text }))
    if (kind < 6) {
      const message = { from: { phoneNumber: BILLING }, to: [{ phoneNumber: guest }] }
      return say(text => door.as(by, 'POST', '/message-threads/messages', { ...message, text }))
    }
    if (kind === 9) {
      await ask('POST', '/simulator/clock', { advance: pick(random, ['PT1H', 'PT50H']) })
      return
    }
    const thread = await openThread(guest)
    if (!thread) return
    const path = `/message-threads/${thread.id}`
    const assignee = to === null ? null : { extensionId: EXTENSIONS[to] }
    if (kind === 6) await door.as(by, 'POST', `${path}/assign`, { assignee })
    if (kind === 7) await door.as(by, 'POST', '/message-threads/notes', { threadId: thread.id, text: `by ${by}` })
    if (kind === 8) await door.as(by, 'POST', `${path}/resolve`)
  }

  return {
    door,
    acknowledged,
    act,
    /** The bodies of all messages that are listed. */
    async texts(): Promise<string[]> {
      const { body } = await door.as('ann', 'GET', '/message-threads/messages?creationTimeFrom=2020-01-01&perPage=1000')
      return body.records.map((message: Body) => message.text)
    },
  }
}

/** Kills while requests are under way, and waits until all is healthy again. */
async function killUnder(heddle: HeddleProcess, random: Random, team: ReturnType<typeof openTeam>): Promise<void> {
  const victim = pick(random, ['heddle', 'database', 'both'])
  const databasePid = heddle.databasePid()
  const waitMs = between(random, 0, 30)
  // Whatever becomes of them: only what is acknowledged must be there.
  const underWay = Array.from({ length: 4 }, () => team.act().catch(() => undefined))
  await pause(waitMs)
  if (victim !== 'heddle' && databasePid) process.kill(databasePid, 'SIGKILL')
  if (victim === 'database') {
    while (databasePid && isAlive(databasePid)) await pause(5)
    await heddle.healthy()
  } else {
    await heddle.end('SIGKILL')
    await heddle.start()
  }
  await Promise.all(underWay)
}

/** Receipts still arrive for a while after a kill; what a client was never told of, it never learns. */
async function becomeEqual(client: ThreadsClient | EntriesClient): Promise<void> {
  await expect
    .poll(
      async () => {
        await client.sync()
        const known = client.known().map(record => JSON.stringify(record))
        const listed = (await client.listed()).map(record => JSON.stringify(record))
        return {
          known: known.filter(record => !listed.includes(record)),
          listed: listed.filter(record => !known.includes(record)),
        }
      },
      { timeout: EQUAL_WITHIN_MS, interval: 200 },
    )
    .toEqual({ known: [], listed: [] })
}
