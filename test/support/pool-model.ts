import fc from 'fast-check'
import { VICTIMS, type Victim } from './kill-heddle.ts'

/** What a client does next. Persons, numbers and threads are told by their place among those there are. */
export type ModelStep =
  | { kind: 'open'; person: number; closesOnReply: boolean }
  | { kind: 'reply'; person: number; number: number }
  | { kind: 'say'; thread: number }
  | { kind: 'close'; thread: number }
  | { kind: 'advance'; minutes: number }
  | { kind: 'move'; number: number }
  | { kind: 'pause'; number: number; state: 'open' | 'paused' | 'reserved' }

/** A script for each client: mostly threads and replies, now and then the clock and the numbers. */
export function modelScripts(clients: number, steps: number): fc.Arbitrary<ModelStep[][]> {
  const place = fc.nat({ max: 11 })
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('open' as const), person: place, closesOnReply: fc.boolean() }),
    },
    { weight: 9, arbitrary: fc.record({ kind: fc.constant('reply' as const), person: place, number: place }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('say' as const), thread: place }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('close' as const), thread: place }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('advance' as const), minutes: fc.constantFrom(1, 20, 50) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), number: place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('pause' as const),
        number: place,
        state: fc.constantFrom('open' as const, 'open' as const, 'paused' as const, 'reserved' as const),
      }),
    },
  )
  return fc.array(fc.array(step, { minLength: steps, maxLength: steps }), { minLength: clients, maxLength: clients })
}

/** Something is killed when the clients have taken so many steps between them, in the midst of what they do next. */
export interface ModelCrash {
  afterSteps: number
  victim: Victim
}

export function modelCrashes(crashes: number, steps: number): fc.Arbitrary<ModelCrash[]> {
  const crash = fc.record({
    afterSteps: fc.integer({ min: Math.floor(steps * 0.1), max: Math.floor(steps * 0.9) }),
    victim: fc.constantFrom(...VICTIMS),
  })
  return fc.array(crash, { minLength: crashes, maxLength: crashes })
}

/** A thread as it was in the end: it held its pair from its opening until its end. */
export interface HeldPair {
  id: string
  person: string
  number: string
  from: number
  /** Infinity while it is open. */
  until: number
}

/** A text of a phone, with the world times between which it was taken. */
export interface SentReply {
  person: string
  number: string
  body: string
  after: number
  before: number
}

/** Pairs that two threads held at once, as sentences; none is the promise. */
export function doubleHolders(held: HeldPair[]): string[] {
  const inOrder = held.toSorted((a, b) => a.from - b.from || a.until - b.until)
  const last = new Map<string, HeldPair>()
  return inOrder.flatMap(thread => {
    const key = `${thread.person} ${thread.number}`
    const before = last.get(key)
    last.set(key, thread)
    return before && before.until > thread.from ? [`${key} was held by ${before.id} and ${thread.id}`] : []
  })
}

/** What is wrong with where a reply went; null when it is well. `found`: the threads that show it. */
export function faultOfReply(
  reply: SentReply,
  found: { thread: string; late: boolean }[],
  held: HeldPair[],
  lateForMs: number,
): string | null {
  const ofPair = held.filter(({ person, number }) => person === reply.person && number === reply.number)
  const told = `${reply.body} of ${reply.person} to ${reply.number}`
  if (found.length > 1) return `${told} is in ${found.length} threads`
  const [place] = found
  if (!place) {
    const holder = ofPair.find(({ from, until }) => from <= reply.after && until > reply.before)
    return holder ? `${told} is missing in ${holder.id}` : null
  }
  const thread = ofPair.find(({ id }) => id === place.thread)
  if (!thread) return `${told} is in ${place.thread}, which never held the pair`
  if (!place.late) {
    const isHeld = thread.from <= reply.before && thread.until >= reply.after
    return isHeld ? null : `${told} is in ${thread.id}, which did not hold the pair then`
  }
  if (thread.until > reply.before) return `${told} is late in ${thread.id}, which held the pair still`
  if (thread.until + lateForMs < reply.after) return `${told} came too late for ${thread.id}`
  const holder = ofPair.find(({ from, until }) => from < reply.after && until > reply.before)
  return holder ? `${told} is late in ${thread.id} while ${holder.id} held the pair` : null
}
