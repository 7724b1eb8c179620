import type { Seen } from './house-witness.ts'
import { phoneTexts, seeWhenQuiet } from './house-witness.ts'
import type { ModelHouse } from './model-house.ts'
import { numbersFrom, type ShownMessage, type ShownThread } from './pool-house.ts'
import {
  doubleHolders,
  faultOfReply,
  type HeldPair,
  type ModelCrash,
  type ModelStep,
  type SentReply,
} from './pool-model.ts'

const NUMBERS_A_RUN = 5
const PERSONS_A_RUN = 4
const LATE_FOR_MS = 3_600_000
const QUIET_WITHIN_MS = 120_000

type ListedThread = ShownThread & { openedAt: string; closedAt: string | null }

/** Numbers of our own that this many runs use. */
export const modelNumbers = (runs: number) => numbersFrom(9000, NUMBERS_A_RUN * runs)

/** One run of the model: a pool of its own, what its clients asked for, and what they could not know. */
export class PoolRun {
  /** Threads whose opening was acknowledged. */
  readonly opened: ShownThread[] = []
  readonly #house: ModelHouse
  readonly #pool: string
  readonly #numbers: string[]
  readonly #persons: string[]
  readonly #replies: SentReply[] = []
  readonly #faults: string[] = []
  /** What was said in threads, by its body; whether it was acknowledged. */
  readonly #said = new Map<string, boolean>()
  #bodies = 0
  #steps = 0

  constructor(house: ModelHouse, at: number) {
    this.#house = house
    this.#pool = `Model ${at}`
    this.#numbers = numbersFrom(9000 + at * NUMBERS_A_RUN, NUMBERS_A_RUN)
    this.#persons = Array.from({ length: PERSONS_A_RUN }, (_, person) => `+1555775${at}00${person}`)
  }

  async begin(): Promise<void> {
    const draft = { name: this.#pool, numbers: this.#numbers, lateFor: 'PT1H', expiresAfter: 'PT2H' }
    const { status } = await this.#house.mustAsk('POST', '/v1/pools', draft)
    if (status !== 201) throw new Error(`The pool was refused: ${status}`)
  }

  /** All clients at once, each its own steps in order, while somebody looks at who holds what and others kill. */
  async play(scripts: ModelStep[][], crashes: ModelCrash[]): Promise<void> {
    const waiting = crashes.toSorted((a, b) => a.afterSteps - b.afterSteps)
    const crashed: Promise<void>[] = []
    let isPlaying = true
    const watching = (async () => {
      while (isPlaying) this.#faults.push(...(await this.#twiceHeld()))
    })()
    await Promise.all(
      scripts.map(async script => {
        for (const step of script) {
          const taking = this.#take(step)
          this.#steps++
          while (waiting[0] && waiting[0].afterSteps <= this.#steps) {
            crashed.push(this.#house.crash(waiting.shift()!.victim))
          }
          await taking
        }
      }),
    )
    await Promise.all(crashed)
    isPlaying = false
    await watching
  }

  async #take(step: ModelStep): Promise<void> {
    const number = 'number' in step ? this.#numbers[step.number % this.#numbers.length]! : ''
    const person = 'person' in step ? this.#persons[step.person % this.#persons.length]! : ''
    const thread = 'thread' in step ? this.opened[step.thread % Math.max(1, this.opened.length)] : undefined
    switch (step.kind) {
      case 'open':
        return this.#open(person, step.closesOnReply)
      case 'reply':
        return this.#reply(person, number)
      case 'say':
        return thread && this.#say(thread)
      case 'close':
        if (thread) await this.#house.ask('POST', `/v1/threads/${thread.id}/close`)
        return
      case 'advance':
        await this.#house.ask('POST', '/simulator/clock', { advance: `PT${step.minutes}M` })
        return
      case 'move':
        await this.#house.ask('DELETE', this.#pathOf(number))
        await this.#house.ask('POST', `${this.#path}/numbers`, { numbers: [number] })
        return
      case 'pause': {
        const answer = await this.#house.ask('PATCH', this.#pathOf(number), { state: step.state })
        if (answer && answer.status !== 204) this.#mustBe(answer.body.code, 'number_not_in_pool')
        return
      }
      default:
        return step satisfies never
    }
  }

  async #open(person: string, closesOnReply: boolean): Promise<void> {
    const body = this.#nextBody()
    const more = closesOnReply ? { closeOn: 'reply' } : {}
    const answer = await this.#house.ask('POST', '/v1/threads', { pool: this.#pool, to: person, body, ...more })
    if (answer === null || answer.status === 201) this.#said.set(body, answer !== null)
    if (answer?.status === 201) this.opened.push(answer.body)
    else if (answer) this.#mustBe(answer.body.code, 'pool_exhausted')
  }

  async #say({ id }: ShownThread): Promise<void> {
    const body = this.#nextBody()
    const answer = await this.#house.ask('POST', `/v1/threads/${id}/messages`, { body })
    if (answer === null || answer.status === 201) this.#said.set(body, answer !== null)
    else this.#mustBe(answer.body.code, 'thread_closed')
  }

  /** A phone sends a text again, under its id, until the house or the network has it; what the network has comes at some time. */
  async #reply(person: string, number: string): Promise<void> {
    const body = this.#nextBody()
    const after = await this.#house.now()
    const text = { from: person, to: number, body, id: body }
    const { status } = await this.#house.mustAsk('POST', '/simulator/messages', text)
    if (status !== 201 && status !== 202) this.#faults.push(`${body} was refused: ${status}`)
    const before = status === 201 ? await this.#house.now() : Number.POSITIVE_INFINITY
    this.#replies.push({ person, number, body, after, before })
  }

  get #path(): string {
    return `/v1/pools/${encodeURIComponent(this.#pool)}`
  }

  #pathOf(number: string): string {
    return `${this.#path}/numbers/${encodeURIComponent(number)}`
  }

  #nextBody(): string {
    return `text ${this.#pool} ${this.#bodies++}`
  }

  #mustBe(code: string, expected: string): void {
    if (code !== expected) this.#faults.push(`unexpected answer ${code}`)
  }

  async #listed(more: string): Promise<ListedThread[]> {
    const query = `pool=${encodeURIComponent(this.#pool)}&limit=1000${more}`
    return (await this.#house.mustAsk('GET', `/v1/threads?${query}`)).body.records
  }

  async #twiceHeld(): Promise<string[]> {
    const pairs = (await this.#listed('&state=open')).map(({ person, number }) => `${person} ${number}`)
    return pairs.filter((pair, at) => pairs.indexOf(pair) !== at).map(pair => `${pair} has two holders`)
  }

  /** Holds what was asked and sent against where it ended up. */
  async judge(): Promise<string[]> {
    const seen = await seeWhenQuiet(this.#house.heddle.url, QUIET_WITHIN_MS)
    const threads = await this.#listed('')
    const messages = new Map<string, ShownMessage[]>()
    for (const { id } of threads) {
      messages.set(id, (await this.#house.mustAsk('GET', `/v1/threads/${id}/messages`)).body.records)
    }
    return [
      ...this.#faults,
      ...doubleHolders(threads.map(heldBy)),
      ...this.#misplaced(threads, messages, seen),
      ...(await this.#brokenOff(threads, messages, seen)),
    ]
  }

  /** Replies are kept once, in the thread that held their pair or late in the one that held it last. */
  #misplaced(threads: ListedThread[], messages: Map<string, ShownMessage[]>, seen: Seen): string[] {
    const held = threads.map(heldBy)
    const found = new Map<string, { thread: string; late: boolean }[]>()
    for (const { id } of threads) {
      for (const { body, direction, late } of messages.get(id) ?? []) {
        if (direction === 'inbound') found.set(body, [...(found.get(body) ?? []), { thread: id, late }])
      }
    }
    return this.#replies.flatMap(reply => {
      const kept = seen.messages.filter(each => each.body === reply.body).length
      return [
        ...(kept === 1 ? [] : [`${reply.body} was kept ${kept} times`]),
        ...(faultOfReply(reply, found.get(reply.body) ?? [], held, LATE_FOR_MS) ?? []),
      ].flat()
    })
  }

  /**
   * What was said is in one thread and is one text that reached the phone once from the thread's number; what nobody could
   * know of is that, or nothing of it is. A text that was under way when something was killed may not have come: then it
   * is not said to have been sent.
   */
  async #brokenOff(threads: ListedThread[], messages: Map<string, ShownMessage[]>, seen: Seen): Promise<string[]> {
    const received = new Map<string, string[]>()
    for (const person of this.#persons) {
      for (const { direction, body, from } of await phoneTexts(this.#house.heddle.url, person)) {
        if (direction === 'received') received.set(body, [...(received.get(body) ?? []), from])
      }
    }
    return [...this.#said].flatMap(([body, isAcknowledged]) => {
      const places = threads.filter(({ id }) => messages.get(id)?.some(message => message.body === body))
      const texts = seen.messages.filter(each => each.body === body)
      const from = received.get(body) ?? []
      if (!isAcknowledged && places.length + texts.length + from.length === 0) return []
      const [place] = places
      const isOne = places.length === 1 && texts.length === 1 && place?.number === texts[0]?.from
      const isThere = from.length === 1 && from[0] === place?.number
      const isInDoubt = from.length === 0 && texts[0]?.status === 'sending'
      if (isOne && (isThere || isInDoubt)) return []
      const told = texts.map(({ status }) => status).join()
      return [
        `${body} is in ${places.length} threads, is ${texts.length} texts (${told}), and came from ${from.join()}`,
      ]
    })
  }

  /** When all threads are closed all numbers are free again. */
  async leaks(): Promise<string[]> {
    for (const { id } of await this.#listed('&state=open')) await this.#house.mustAsk('POST', `/v1/threads/${id}/close`)
    for (const number of this.#numbers) {
      await this.#house.mustAsk('POST', `${this.#path}/numbers`, { numbers: [number] })
      await this.#house.mustAsk('PATCH', this.#pathOf(number), { state: 'open' })
    }
    const { body: capacity } = await this.#house.mustAsk('GET', `${this.#path}/capacity`)
    const faults = capacity.openThreads === 0 ? [] : [`${capacity.openThreads} threads are open in the report`]
    for (const person of this.#persons) {
      const wish = { pool: this.#pool, to: person, body: 'All of them?' }
      const wishes = [...this.#numbers, 'one more'].map(() => this.#house.mustAsk('POST', '/v1/threads', wish))
      const answers = await Promise.all(wishes)
      const opened = answers.filter(({ status }) => status === 201).length
      if (opened !== this.#numbers.length)
        faults.push(`${person} could have ${opened} of ${this.#numbers.length} numbers`)
      for (const { status, body } of answers)
        if (status === 201) await this.#house.mustAsk('POST', `/v1/threads/${body.id}/close`)
    }
    return faults
  }
}

/** A thread that never had a number held nothing. */
function heldBy({ id, person, number, openedAt, closedAt }: ListedThread): HeldPair {
  const until = closedAt === null ? Number.POSITIVE_INFINITY : Date.parse(closedAt)
  return { id, person, number, from: Date.parse(openedAt), until }
}
