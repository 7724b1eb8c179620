import { describe, expect, test } from 'vitest'
import { ACCOUNT, NUMBER, openTestSimulator, PHONE, textFrom, textTo } from '../../../test/support/simulated-network.ts'
import type { Fault } from './faults.ts'

const OTHER_ACCOUNT = '01890000-0000-7000-8000-000000000002'
const always = { times: null }

const cases: { name: string; fault: Partial<Fault>; answer: object; shown: number; told: string[] }[] = [
  { name: 'no fault', fault: {}, answer: { kind: 'taken' }, shown: 1, told: ['sent', 'delivered'] },
  {
    name: 'fail after sending',
    fault: { fail: { code: 30003, status: 'undelivered', ...always } },
    answer: { kind: 'taken' },
    shown: 0,
    told: ['sent', 'undelivered 30003'],
  },
  {
    name: 'fail before sending',
    fault: { fail: { code: 30001, status: 'failed', ...always } },
    answer: { kind: 'taken' },
    shown: 0,
    told: ['failed 30001'],
  },
  {
    name: 'repeat',
    fault: { repeat: 2 },
    answer: { kind: 'taken' },
    shown: 1,
    told: ['sent', 'delivered', 'sent', 'delivered'],
  },
  { name: 'reorder', fault: { reorder: true }, answer: { kind: 'taken' }, shown: 1, told: ['delivered', 'sent'] },
  {
    name: 'reorder, repeat and fail together',
    fault: { reorder: true, repeat: 2, fail: { code: 30007, status: 'undelivered', ...always } },
    answer: { kind: 'taken' },
    shown: 0,
    told: ['undelivered 30007', 'sent', 'undelivered 30007', 'sent'],
  },
  { name: 'dropped receipts', fault: { dropReceipts: true }, answer: { kind: 'taken' }, shown: 1, told: [] },
  {
    name: 'refuse',
    fault: { refuse: { code: 30007, ...always } },
    answer: { kind: 'refused', errorCode: 30007 },
    shown: 0,
    told: [],
  },
  {
    name: 'retry',
    fault: { retry: { afterMs: 2_000, ...always } },
    answer: { kind: 'retry', afterMs: 2_000 },
    shown: 0,
    told: [],
  },
  {
    name: 'unknown though it arrives',
    fault: { unknown: { arrives: true, ...always } },
    answer: { kind: 'unknown' },
    shown: 1,
    told: ['sent', 'delivered'],
  },
  {
    name: 'unknown and lost',
    fault: { unknown: { arrives: false, ...always } },
    answer: { kind: 'unknown' },
    shown: 0,
    told: [],
  },
]

describe('a text to a phone meets', () => {
  test.each(cases)('$name', async ({ fault, answer, shown, told }) => {
    const { simulator, house } = openTestSimulator()
    simulator.faults.put(ACCOUNT, { number: PHONE, ...fault })
    expect(await simulator.send([textTo()])).toMatchObject([answer])
    await simulator.releaseDue()
    expect(await simulator.textsOf(PHONE, [NUMBER])).toHaveLength(shown)
    expect(house.receipts.map(each => [each.status, each.errorCode].filter(Boolean).join(' '))).toEqual(told)
  })
})

describe('a fault', () => {
  test.each(['fail', 'refuse', 'retry', 'unknown'] as const)('%s of two texts spares the third', async key => {
    const { simulator } = openTestSimulator()
    const parts = {
      fail: { code: 30003, status: 'failed' },
      refuse: { code: 30003 },
      retry: { afterMs: null },
    } as const
    const part = { ...parts, unknown: { arrives: false } }[key]
    simulator.faults.put(ACCOUNT, { number: null, [key]: { ...part, times: 2 } })
    await simulator.send([textTo(), textTo(), textTo()])
    await simulator.send([textTo()])
    expect(await simulator.textsOf(PHONE, [NUMBER])).toHaveLength(2)
  })

  test.each([
    ['a person', PHONE],
    ['one of our numbers', NUMBER],
    ['all', null],
  ])('set for %s meets the text', async (_, number) => {
    const { simulator } = openTestSimulator()
    simulator.faults.put(ACCOUNT, { number, refuse: { code: 30007, ...always } })
    expect(await simulator.send([textTo()])).toMatchObject([{ kind: 'refused' }])
  })

  test('spares other persons, other numbers, and texts after it is lifted', async () => {
    const { simulator } = openTestSimulator()
    simulator.faults.put(ACCOUNT, { number: '+15557770009', refuse: { code: 30007, ...always } })
    simulator.faults.put(ACCOUNT, { number: '+15550001009', refuse: { code: 30007, ...always } })
    expect(await simulator.send([textTo()])).toMatchObject([{ kind: 'taken' }])
    simulator.faults.put(ACCOUNT, { number: PHONE, refuse: { code: 30007, ...always } })
    simulator.faults.lift(ACCOUNT, PHONE)
    expect(await simulator.send([textTo()])).toMatchObject([{ kind: 'taken' }])
    expect(simulator.faults.list(ACCOUNT)).toHaveLength(2)
    simulator.faults.lift(ACCOUNT)
    expect(simulator.faults.isEmpty).toBe(true)
  })

  test('of a person goes before that of the number and that for all', async () => {
    const { simulator } = openTestSimulator()
    for (const [number, code] of [
      [null, 30001],
      [NUMBER, 30002],
      [PHONE, 30003],
    ] as const) {
      simulator.faults.put(ACCOUNT, { number, refuse: { code, ...always } })
    }
    expect(await simulator.send([textTo(), textTo('+15557770002')])).toMatchObject([
      { errorCode: 30003 },
      { errorCode: 30002 },
    ])
  })

  test('of one account never meets the texts of another', async () => {
    const { simulator } = openTestSimulator()
    simulator.faults.put(OTHER_ACCOUNT, { number: null, refuse: { code: 30007, ...always }, repeat: 3 })
    expect(await simulator.send([textTo()])).toMatchObject([{ kind: 'taken' }])
    expect(simulator.faults.list(ACCOUNT)).toEqual([])
  })
})

test('a text from a phone is delivered as often as a fault says, and answered once', async () => {
  const { simulator, house } = openTestSimulator()
  simulator.faults.put(ACCOUNT, { number: PHONE, repeat: 3 })
  expect(await simulator.sendFromPhone(textFrom())).toMatchObject({ kind: 'kept', repeated: false })
  expect(new Set(house.received.map(text => text.carrierMessageId)).size).toBe(1)
  expect(house.received).toHaveLength(3)
})
