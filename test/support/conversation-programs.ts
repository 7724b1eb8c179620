import fc from 'fast-check'
import type twilio from 'twilio'
import { expect } from 'vitest'
import type { PhoneText } from './test-house.ts'

/** Programs of what people and apps may do with a few conversations, and what must come of them. */

export const PROGRAM_NUMBERS = ['+15550001000', '+15550001001'] as const
const PHONES = 4
const CONVERSATIONS = 3

type Saying = { kind: 'text'; phone: number; number: number } | { kind: 'say'; conversation: number }

export type Step =
  | { kind: 'add'; conversation: number; phone: number; number: number }
  | { kind: 'remove'; conversation: number; phone: number; number: number }
  | Saying
  | { kind: 'close'; conversation: number }
  | { kind: 'wait' }
  /** The server is killed so soon after something was said to it. */
  | { kind: 'crash'; during: Saying; afterMs: number }

const conversation = fc.nat(CONVERSATIONS - 1)
const phone = fc.nat(PHONES - 1)
const number = fc.nat(PROGRAM_NUMBERS.length - 1)
const text = fc.record({ kind: fc.constant('text' as const), phone, number })
const say = fc.record({ kind: fc.constant('say' as const), conversation })
const plain: fc.WeightedArbitrary<Step>[] = [
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), conversation, phone, number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), conversation, phone, number }) },
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: say },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), conversation }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
]

export const peacefulStep = fc.oneof(...plain)
export const anyStep = fc.oneof(...plain, {
  weight: 2,
  arbitrary: fc.record({ kind: fc.constant('crash' as const), during: fc.oneof(text, say), afterMs: fc.nat(30) }),
})

/** Where programs run. */
export interface ProgramWorld {
  client(): twilio.Twilio
  /** A phone's text; the same `id` is the same text. Rejects when nobody answers. */
  text(from: string, to: string, body: string, id: string): Promise<void>
  phone(number: string): Promise<PhoneText[]>
  advance(duration: string): Promise<void>
  /** Resolves when everything that was queued has been carried out. */
  settled(): Promise<void>
  /** Kills the server so soon after `request` was begun, and starts it again. */
  crash?(request: () => Promise<unknown>, afterMs: number): Promise<void>
}

/** What should be: who takes part where, and what was said there. */
interface Expected {
  sid: string
  isOpen: boolean
  members: { phone: number; number: number; sid: string }[]
  bodies: string[]
}

/**
 * Runs a program and checks what came of it: no pair is bound twice, every message came exactly once to every other
 * participant of its moment, and indexes count up. `run` tells the phones of one program from those of another.
 */
export async function runProgram(world: ProgramWorld, run: number, steps: Step[]): Promise<void> {
  const conversations = () => world.client().conversations.v1.conversations
  const phoneOf = (at: number) => `+1555${String(7_000_000 + run * 10 + at)}`
  const expected: Expected[] = []
  const told: { from: string; body: string; sid: string }[][] = Array.from({ length: PHONES }, () => [])
  /** What was on its way when the server was killed: it may not have come, and is then said not to have been sent. */
  const doubtful = new Set<string>()
  for (let at = 0; at < CONVERSATIONS; at += 1) expected.push(await open())
  for (const [at, each] of steps.entries()) await take(each, `${run}.${at}`)
  await world.settled()
  for (const each of expected) await checkConversation(each)
  for (let at = 0; at < PHONES; at += 1) await checkPhone(at)

  async function open(): Promise<Expected> {
    // The last conversation closes by itself when nothing is said for ten minutes.
    const { sid } = await conversations().create(
      expected.length === CONVERSATIONS - 1 ? { 'timers.closed': 'PT10M' } : {},
    )
    return { sid, isOpen: true, members: [], bodies: [] }
  }

  function holderOf(who: { phone: number; number: number }): Expected | undefined {
    return expected.find(
      each => each.isOpen && each.members.some(({ phone, number }) => phone === who.phone && number === who.number),
    )
  }

  function heard(into: Expected, body: string, author: { phone: number; number: number } | null): void {
    into.bodies.push(body)
    for (const { phone, number } of into.members) {
      const isAuthor = author && phone === author.phone && number === author.number
      if (!isAuthor) told[phone]?.push({ from: PROGRAM_NUMBERS[number]!, body, sid: into.sid })
    }
  }

  function pairOf(who: { phone: number; number: number }) {
    return {
      'messagingBinding.address': phoneOf(who.phone),
      'messagingBinding.proxyAddress': PROGRAM_NUMBERS[who.number]!,
    }
  }

  async function take(each: Step, body: string): Promise<void> {
    switch (each.kind) {
      case 'add': {
        const into = expected[each.conversation]!
        const joining = conversations()(into.sid).participants.create(pairOf(each))
        const holder = holderOf(each)
        if (into.isOpen && !holder)
          into.members.push({ phone: each.phone, number: each.number, sid: (await joining).sid })
        else await expect(joining).rejects.toMatchObject({ code: into.isOpen ? 50416 : 50377 })
        return
      }
      case 'remove': {
        const from = expected[each.conversation]!
        const member = from.members.find(({ phone, number }) => phone === each.phone && number === each.number)
        if (!member || !from.isOpen) return
        await conversations()(from.sid).participants(member.sid).remove()
        from.members = from.members.filter(other => other !== member)
        return
      }
      case 'text': {
        await sendText(each, body)
        const holder = holderOf(each)
        if (holder) heard(holder, body, each)
        return
      }
      case 'say': {
        const into = expected[each.conversation]!
        const saying = conversations()(into.sid).messages.create({ body })
        if (into.isOpen) {
          await saying
          heard(into, body, null)
        } else {
          await expect(saying).rejects.toMatchObject({ code: 50377 })
        }
        return
      }
      case 'close': {
        const which = expected[each.conversation]!
        if (!which.isOpen) return
        await conversations()(which.sid).update({ state: 'closed' })
        which.isOpen = false
        return
      }
      case 'wait': {
        await world.advance('PT10M')
        expected.at(-1)!.isOpen = false
        return
      }
      case 'crash':
        return crash(each.during, each.afterMs, body)
      default:
        return each satisfies never
    }
  }

  function sendText(who: { phone: number; number: number }, body: string): Promise<void> {
    return world.text(phoneOf(who.phone), PROGRAM_NUMBERS[who.number]!, body, body)
  }

  /** Whoever had no answer asks again: a phone for the same text, a program after it has looked. */
  async function crash(during: Saying, afterMs: number, body: string): Promise<void> {
    await world.settled()
    doubtful.add(body)
    if (during.kind === 'text') {
      await world.crash?.(() => sendText(during, body), afterMs)
      await take(during, body)
      return
    }
    const { sid } = expected[during.conversation]!
    await world.crash?.(() => conversations()(sid).messages.create({ body }), afterMs)
    const isSaid = (await conversations()(sid).messages.list()).some(message => message.body === body)
    if (isSaid) heard(expected[during.conversation]!, body, null)
    else await take(during, body)
  }

  async function checkConversation({ sid, isOpen, bodies }: Expected): Promise<void> {
    const messages = await conversations()(sid).messages.list()
    expect(messages.map(({ body }) => body)).toEqual(bodies)
    expect(messages.map(({ index }) => index)).toEqual(bodies.map((_, at) => at))
    expect((await conversations()(sid).fetch()).state === 'closed').toBe(!isOpen)
  }

  async function checkPhone(at: number): Promise<void> {
    const shown = (await world.phone(phoneOf(at))).filter(({ direction }) => direction === 'received')
    const spell = ({ from, body }: { from: string; body: string }) => `${from} ${body}`
    for (const from of PROGRAM_NUMBERS) {
      const due = told[at]!.filter(each => each.from === from)
      const came = shown.filter(each => each.from === from)
      const missing = due.filter(each => !came.some(other => other.body === each.body))
      for (const each of missing) expect(await wasSent(each, phoneOf(at))).toBe(false)
      expect(came.map(spell)).toEqual(due.filter(each => !missing.includes(each)).map(spell))
    }
    const open = (await world.client().conversations.v1.participantConversations.list({ address: phoneOf(at) }))
      .filter(each => each.conversationState !== 'closed')
      .map(each => each.participantMessagingBinding.proxy_address)
    expect(new Set(open).size).toBe(open.length)
  }

  /** Whether a receipt says that what was on its way in a crash has come; of all else it is taken for granted. */
  async function wasSent(
    { from, body, sid }: { from: string; body: string; sid: string },
    to: string,
  ): Promise<boolean> {
    if (!doubtful.has(body)) return true
    const message = (await conversations()(sid).messages.list()).find(each => each.body === body)
    const receipts = await conversations()(sid)
      .messages(message?.sid ?? '')
      .deliveryReceipts.list()
    const legs = await Promise.all(receipts.map(each => world.client().messages(each.channelMessageSid).fetch()))
    const at = legs.findIndex(leg => leg.from === from && leg.to === to)
    return receipts[at]?.status !== null
  }
}
