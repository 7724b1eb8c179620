import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbersFrom, openPoolHouse, type PoolHouse, type ShownThread } from '../support/pool-house.ts'
import {
  doubleHolders,
  faultOfReply,
  type HeldPair,
  type ModelStep,
  modelScripts,
  type SentReply,
} from '../support/pool-model.ts'

const CLIENTS = 32
const STEPS = 10
const RUNS = 3
const NUMBERS_A_RUN = 5
const PERSONS_A_RUN = 4
const LATE_FOR_MS = 3_600_000
const SEED = Number(process.env.HEDDLE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))

let house: PoolHouse

beforeAll(async () => {
  const numbers = numbersFrom(9000, NUMBERS_A_RUN * RUNS).map(number => ({ number }))
  house = await openPoolHouse([], numbers)
})

afterAll(() => house?.close())

/** One run: a pool of its own, what was sent, and what was seen. */
class Run {
  readonly pool: string
  readonly numbers: string[]
  readonly persons: string[]
  readonly opened: ShownThread[] = []
  readonly replies: SentReply[] = []
  readonly faults: string[] = []
  #bodies = 0

  constructor(at: number) {
    this.pool = `Model ${at}`
    this.numbers = numbersFrom(9000 + at * NUMBERS_A_RUN, NUMBERS_A_RUN)
    this.persons = Array.from(
      { length: PERSONS_A_RUN },
      (_, person) => `+1555775${at}${String(person).padStart(3, '0')}`,
    )
  }

  async begin(): Promise<void> {
    const draft = { name: this.pool, numbers: this.numbers, lateFor: 'PT1H', expiresAfter: 'PT2H' }
    expect((await house.ask('POST', '/v1/pools', draft)).status).toBe(201)
  }

  /** All clients at once, each its own steps in order, while somebody looks at who holds what. */
  async play(scripts: ModelStep[][]): Promise<void> {
    let isPlaying = true
    const watching = (async () => {
      while (isPlaying) this.faults.push(...(await this.#twiceHeld()))
    })()
    await Promise.all(
      scripts.map(async script => {
        for (const step of script) await this.#take(step)
      }),
    )
    isPlaying = false
    await watching
    await house.house.settled()
  }

  async #take(step: ModelStep): Promise<void> {
    const number = 'number' in step ? this.numbers[step.number % this.numbers.length]! : ''
    const person = 'person' in step ? this.persons[step.person % this.persons.length]! : ''
    const thread = 'thread' in step ? this.opened[step.thread % Math.max(1, this.opened.length)] : undefined
    const inPool = `/v1/pools/${encodeURIComponent(this.pool)}/numbers`
    switch (step.kind) {
      case 'open': {
        const body = this.#nextBody()
        const more = step.closesOnReply ? { body, closeOn: 'reply' } : { body }
        const answer = await house.wish(this.pool, person, more)
        if (answer.status === 201) this.opened.push(answer.body)
        else this.#mustBe(answer.body.code, ['pool_exhausted'])
        return
      }
      case 'reply': {
        const { clock } = house.house.core
        const reply = { person, number, body: this.#nextBody(), after: clock.world().getTime(), before: 0 }
        await house.text(person, number, reply.body)
        this.replies.push({ ...reply, before: clock.world().getTime() })
        return
      }
      case 'say': {
        if (!thread) return
        const answer = await house.ask('POST', `/v1/threads/${thread.id}/messages`, { body: this.#nextBody() })
        if (answer.status !== 201) this.#mustBe(answer.body.code, ['thread_closed'])
        return
      }
      case 'close':
        if (thread) await house.closeThread(thread.id)
        return
      case 'advance':
        return house.advance(`PT${step.minutes}M`)
      case 'move': {
        await house.ask('DELETE', `${inPool}/${encodeURIComponent(number)}`)
        await house.ask('POST', inPool, { numbers: [number] })
        return
      }
      case 'pause': {
        const answer = await house.ask('PATCH', `${inPool}/${encodeURIComponent(number)}`, { state: step.state })
        if (answer.status !== 204) this.#mustBe(answer.body.code, ['number_not_in_pool'])
        return
      }
      default:
        return step satisfies never
    }
  }

  #nextBody(): string {
    return `text ${this.pool} ${this.#bodies++}`
  }

  #mustBe(code: string, expected: string[]): void {
    if (!expected.includes(code)) this.faults.push(`unexpected answer ${code}`)
  }

  async #listed(more: string): Promise<(ShownThread & { openedAt: string; closedAt: string | null })[]> {
    const { body } = await house.ask('GET', `/v1/threads?pool=${encodeURIComponent(this.pool)}&limit=1000${more}`)
    return body.records
  }

  async #twiceHeld(): Promise<string[]> {
    const pairs = (await this.#listed('&state=open')).map(({ person, number }) => `${person} ${number}`)
    return pairs.filter((pair, at) => pairs.indexOf(pair) !== at).map(pair => `${pair} has two holders`)
  }

  /** Holds what was sent against where it ended up. */
  async judge(): Promise<string[]> {
    const threads = await this.#listed('')
    const held = threads.map(
      ({ id, person, number, openedAt, closedAt }): HeldPair => ({
        id,
        person,
        number,
        from: Date.parse(openedAt),
        until: closedAt === null ? Number.POSITIVE_INFINITY : Date.parse(closedAt),
      }),
    )
    const found = new Map<string, { thread: string; late: boolean }[]>()
    for (const { id } of threads) {
      for (const { body, direction, late } of await house.messages(id)) {
        if (direction === 'inbound') found.set(body, [...(found.get(body) ?? []), { thread: id, late }])
      }
    }
    const misplaced = this.replies.flatMap(
      reply => faultOfReply(reply, found.get(reply.body) ?? [], held, LATE_FOR_MS) ?? [],
    )
    return [...this.faults, ...doubleHolders(held), ...misplaced, ...(await this.#unsent(threads))]
  }

  /** What was said in threads reached the phone once, from the thread's number. */
  async #unsent(threads: ShownThread[]): Promise<string[]> {
    const received = new Map<string, string[]>()
    for (const person of this.persons) {
      for (const text of await house.phone(person)) {
        if (text.direction === 'received') received.set(text.body, [...(received.get(text.body) ?? []), text.from])
      }
    }
    const faults: string[] = []
    for (const { id, number } of threads) {
      for (const { body, direction } of await house.messages(id)) {
        if (direction === 'outbound' && received.get(body)?.join() !== number) {
          faults.push(`${body} left from ${received.get(body)?.join() ?? 'nowhere'}, not once from ${number}`)
        }
      }
    }
    return faults
  }

  /** When all threads are closed all numbers are free again. */
  async leaks(): Promise<string[]> {
    const inPool = `/v1/pools/${encodeURIComponent(this.pool)}`
    for (const { id } of await this.#listed('&state=open')) await house.closeThread(id)
    for (const number of this.numbers) {
      await house.ask('POST', `${inPool}/numbers`, { numbers: [number] })
      await house.ask('PATCH', `${inPool}/numbers/${encodeURIComponent(number)}`, { state: 'open' })
    }
    const { body: capacity } = await house.ask('GET', `${inPool}/capacity`)
    const faults = capacity.openThreads === 0 ? [] : [`${capacity.openThreads} threads are open in the report`]
    for (const person of this.persons) {
      const answers = await Promise.all([...this.numbers, 'one more'].map(() => house.wish(this.pool, person)))
      const opened = answers.filter(({ status }) => status === 201).length
      if (opened !== this.numbers.length)
        faults.push(`${person} could have ${opened} of ${this.numbers.length} numbers`)
      for (const { status, body } of answers) if (status === 201) await house.closeThread(body.id)
    }
    return faults
  }
}

test(`${CLIENTS} clients at once, through a restart: one holder a pair, each reply in its place, nothing leaks`, {
  timeout: 240_000,
}, async () => {
  console.log(`pool model: HEDDLE_TEST_SEED=${SEED}`)
  let at = 0
  await fc.assert(
    fc.asyncProperty(modelScripts(CLIENTS, STEPS), modelScripts(CLIENTS, STEPS), async (before, after) => {
      const run = new Run(at++)
      await run.begin()
      await run.play(before)
      await house.restart()
      await run.play(after)
      expect(await run.judge()).toEqual([])
      expect(await run.leaks()).toEqual([])
      expect(run.opened.length).toBeGreaterThan(NUMBERS_A_RUN)
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  )
})

describe('the judge of the model', () => {
  const held: HeldPair[] = [
    { id: 'a', person: 'p', number: 'n', from: 10, until: 20 },
    { id: 'b', person: 'p', number: 'n', from: 30, until: Number.POSITIVE_INFINITY },
  ]
  const reply = (after: number, before: number) => ({ person: 'p', number: 'n', body: 'text', after, before })

  test('sees two holders', () => {
    expect(doubleHolders(held)).toEqual([])
    expect(doubleHolders([...held, { id: 'c', person: 'p', number: 'n', from: 19, until: 25 }])).toHaveLength(1)
  })

  test.each([
    ['in the thread that held the pair', reply(12, 13), [{ thread: 'a', late: false }], true],
    ['in none while one held it', reply(12, 13), [], false],
    ['in none while none held it', reply(24, 25), [], true],
    ['in another than the holder', reply(40, 41), [{ thread: 'a', late: false }], false],
    ['late in time', reply(24, 25), [{ thread: 'a', late: true }], true],
    ['late while the thread was open', reply(12, 13), [{ thread: 'a', late: true }], false],
    ['late while another held the pair', reply(40, 41), [{ thread: 'a', late: true }], false],
    ['later than late', reply(28, 29), [{ thread: 'a', late: true }], false],
    [
      'in two threads',
      reply(12, 13),
      [
        { thread: 'a', late: false },
        { thread: 'b', late: false },
      ],
      false,
    ],
  ])('sees a reply %s', (_, sent, found, isWell) => {
    expect(faultOfReply(sent, found, held, 6) === null).toBe(isWell)
  })
})
