import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf } from '../support/conversations-client.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBERS = ['+15550001000', '+15550001001'] as const
const PHONES = 4
const CONVERSATIONS = 3

type Step =
  | { kind: 'add'; conversation: number; phone: number; number: number }
  | { kind: 'remove'; conversation: number; phone: number; number: number }
  | { kind: 'text'; phone: number; number: number }
  | { kind: 'say'; conversation: number }
  | { kind: 'close'; conversation: number }
  | { kind: 'wait' }

const conversation = fc.nat(CONVERSATIONS - 1)
const phone = fc.nat(PHONES - 1)
const number = fc.nat(NUMBERS.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), conversation, phone, number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), conversation, phone, number }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('text' as const), phone, number }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('say' as const), conversation }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), conversation }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
)

/** What should be: who takes part where, and what each phone has been told from which number. */
interface Expected {
  sid: string
  isOpen: boolean
  members: { phone: number; number: number; sid: string }[]
  bodies: string[]
}

describe('any program of joining, leaving, texting, closing and waiting', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>
  let run = 0

  beforeAll(async () => {
    house = await openTestHouse(seedOf(NUMBERS.map(each => ({ number: each }))))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const conversations = () => client.conversations.v1.conversations

  test('binds no pair twice, tells everybody else exactly once, and counts upwards', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), runProgram), { numRuns: 20 })
  }, 120_000)

  async function runProgram(steps: Step[]): Promise<void> {
    run += 1
    const phoneOf = (at: number) => `+1555${String(7_000_000 + run * 10 + at)}`
    const expected: Expected[] = []
    const told: string[][] = Array.from({ length: PHONES }, () => [])
    for (let at = 0; at < CONVERSATIONS; at += 1) expected.push(await open())

    async function open(): Promise<Expected> {
      // The last conversation closes by itself when nothing is said for ten minutes.
      const { sid } = await conversations().create(
        expected.length === CONVERSATIONS - 1 ? { 'timers.closed': 'PT10M' } : {},
      )
      return { sid, isOpen: true, members: [], bodies: [] }
    }

    const holderOf = (who: { phone: number; number: number }) =>
      expected.find(
        each => each.isOpen && each.members.some(({ phone, number }) => phone === who.phone && number === who.number),
      )

    const heard = (into: Expected, body: string, author: { phone: number; number: number } | null) => {
      into.bodies.push(body)
      for (const { phone, number } of into.members) {
        const isAuthor = author && phone === author.phone && number === author.number
        if (!isAuthor) told[phone]?.push(`${NUMBERS[number]} ${body}`)
      }
    }

    const pairOf = (who: { phone: number; number: number }) => ({
      'messagingBinding.address': phoneOf(who.phone),
      'messagingBinding.proxyAddress': NUMBERS[who.number]!,
    })

    async function take(each: Step, at: number): Promise<void> {
      const body = `${run}.${at}`
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
          await house.text(phoneOf(each.phone), NUMBERS[each.number]!, body)
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
          await house.advance('PT10M')
          expected.at(-1)!.isOpen = false
          return
        }
        default:
          return each satisfies never
      }
    }

    for (const [at, each] of steps.entries()) await take(each, at)
    await house.house.settled()

    for (const { sid, isOpen, bodies } of expected) {
      const messages = await conversations()(sid).messages.list()
      expect(messages.map(({ body }) => body)).toEqual(bodies)
      expect(messages.map(({ index }) => index)).toEqual(bodies.map((_, at) => at))
      expect((await conversations()(sid).fetch()).state === 'closed').toBe(!isOpen)
    }
    for (let at = 0; at < PHONES; at += 1) {
      const shown = (await house.phone(phoneOf(at))).filter(({ direction }) => direction === 'received')
      for (const from of NUMBERS) {
        const ofPair = told[at]?.filter(text => text.startsWith(from))
        expect(shown.filter(text => text.from === from).map(text => `${text.from} ${text.body}`)).toEqual(ofPair)
      }
      const open = (await client.conversations.v1.participantConversations.list({ address: phoneOf(at) }))
        .filter(each => each.conversationState !== 'closed')
        .map(each => each.participantMessagingBinding.proxy_address)
      expect(new Set(open).size).toBe(open.length)
    }
  }
})
