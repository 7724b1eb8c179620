import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Carrier, OutboundText, Receipt, SendResult } from './carrier.ts'

/** A text as a phone has it. */
export interface PhoneText {
  person: string
  number: string
  body: string
}

/** The house as a carrier sees it; `isShut` makes its doors fail. */
export interface ListeningHouse {
  received: (PhoneText & { carrierMessageId: string })[]
  receipts: Receipt[]
  isShut: boolean
}

/** A carrier with the network behind it, as a test drives it. */
export interface TestedCarrier {
  carrier: Carrier
  house: ListeningHouse
  /** What phones have, in the order in which the network took it. */
  shown(): Promise<PhoneText[]>
  /** A phone sends a text; resolves when the network was told that the house has it, rejects when the house has not. */
  sendFromPhone(text: PhoneText): Promise<void>
  /** The network refuses texts to this person for good. */
  refuse(person: string): void
  close(): Promise<void>
}

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const WAIT_MS = 10_000

const textTo = (body: string, person = PHONE): OutboundText => ({
  reference: `reference of ${body}`,
  number: NUMBER,
  persons: [person],
  body,
  media: [],
})

/** What every carrier must do. `skips` names tests that a carrier can't pass, each with its reason. */
export function carrierContract(
  name: string,
  open: () => Promise<TestedCarrier>,
  skips: Partial<Record<ContractTest, string>> = {},
): void {
  describe(`${name}, as a carrier`, () => {
    let tested: TestedCarrier
    beforeEach(async () => {
      tested = await open()
    })
    afterEach(() => tested.close())

    for (const [title, run] of Object.entries(TESTS)) {
      const reason = skips[title as ContractTest]
      test(title, async ({ skip }) => {
        skip(reason !== undefined, `skipped: ${reason}`)
        await run(tested)
      })
    }
  })
}

export type ContractTest = keyof typeof TESTS

const TESTS = {
  'a text is taken under an id of its own and reaches the phone': async ({ carrier, shown }: TestedCarrier) => {
    const results = await carrier.send([textTo('one'), textTo('two')])
    const ids = results.map(idOf)
    expect(new Set(ids).size).toBe(2)
    expect((await shown()).map(text => text.body).sort()).toEqual(['one', 'two'])
  },

  'results come in the order of the texts': async ({ carrier, refuse }: TestedCarrier) => {
    refuse('+15557770009')
    const results = await carrier.send([textTo('one'), textTo('two', '+15557770009'), textTo('three')])
    expect(results.map(result => result.kind)).toEqual(['taken', 'refused', 'taken'])
  },

  'a refusal has a code of ours and one of the carrier': async ({ carrier, refuse }: TestedCarrier) => {
    refuse('+15557770009')
    const [result] = await carrier.send([textTo('one', '+15557770009')])
    expect(result).toMatchObject({ kind: 'refused', errorCode: expect.any(Number), carrierCode: expect.any(String) })
  },

  'texts of a pair that are sent one after another reach the phone in order': async (tested: TestedCarrier) => {
    const bodies = Array.from({ length: 20 }, (_, at) => `text ${at}`)
    for (const body of bodies) await tested.carrier.send([textTo(body)])
    expect((await tested.shown()).map(text => text.body)).toEqual(bodies)
  },

  'a long text with every kind of character arrives as it was': async ({ carrier, shown }: TestedCarrier) => {
    const body = 'Grüße {€} 谢谢 😀 '.repeat(30)
    await carrier.send([textTo(body)])
    expect((await shown()).map(text => text.body).join('')).toBe(body)
  },

  'a delivered text is reported under its id': async ({ carrier, house }: TestedCarrier) => {
    const [result] = await carrier.send([textTo('one')])
    await eventually(() => house.receipts.some(receipt => receipt.status === 'delivered'))
    expect(house.receipts.at(-1)).toMatchObject({ carrierMessageId: idOf(result), number: NUMBER })
  },

  'a receipt that the house did not take is told again': async ({ carrier, house }: TestedCarrier) => {
    house.isShut = true
    await carrier.send([textTo('one')])
    await new Promise(resolve => setTimeout(resolve, 300))
    house.isShut = false
    await eventually(() => house.receipts.some(receipt => receipt.status === 'delivered'))
  },

  'a text from a phone is told once, as it was': async ({ house, sendFromPhone }: TestedCarrier) => {
    const text = { person: PHONE, number: NUMBER, body: 'né 😀' }
    await sendFromPhone(text)
    expect(house.received).toMatchObject([text])
  },

  'two texts that say the same are two': async ({ house, sendFromPhone }: TestedCarrier) => {
    const text = { person: PHONE, number: NUMBER, body: 'yes' }
    await sendFromPhone(text)
    await sendFromPhone(text)
    expect(new Set(house.received.map(each => each.carrierMessageId)).size).toBe(2)
  },

  'a text that the house did not take is told again, before later ones': async (tested: TestedCarrier) => {
    const { house, sendFromPhone } = tested
    house.isShut = true
    const bodies = ['one', 'two', 'three']
    const sent = bodies.map(body => sendFromPhone({ person: PHONE, number: NUMBER, body }).catch(() => {}))
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(house.received).toEqual([])
    house.isShut = false
    await Promise.all(sent)
    await eventually(() => house.received.length === bodies.length)
    expect(house.received.map(text => text.body)).toEqual(bodies)
  },

  'a text to a group reaches each phone once': async ({ carrier, shown }: TestedCarrier) => {
    const [result] = await carrier.send([{ ...textTo('all'), persons: [PHONE, '+15557770002'] }])
    expect(result?.kind).toBe('taken')
    expect((await shown()).map(text => text.person).sort()).toEqual([PHONE, '+15557770002'])
  },

  'a carrier that was stopped takes nothing more': async ({ carrier, house }: TestedCarrier) => {
    await carrier.stop()
    const heard = house.received.length
    const [result] = await carrier.send([textTo('late')])
    expect(['retry', 'unknown']).toContain(result?.kind)
    expect(house.received.length).toBe(heard)
  },
}

function idOf(result: SendResult | undefined): string {
  if (result?.kind !== 'taken') throw new Error(`not taken: ${JSON.stringify(result)}`)
  return result.carrierMessageId
}

async function eventually(isSo: () => boolean): Promise<void> {
  const untilMs = Date.now() + WAIT_MS
  while (!isSo()) {
    if (Date.now() > untilMs) throw new Error('It did not come to that.')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
