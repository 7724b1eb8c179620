import { expect, test } from 'vitest'
import { Deliveries } from './deliveries.ts'
import type { Delivered } from './pdu.ts'

const saying = (words: string, more: Partial<Delivered> = {}): Delivered => ({
  sourceTon: 1,
  source: '15557770001',
  destinationTon: 1,
  destination: '15550001000',
  esmClass: 0,
  dataCoding: 0,
  bytes: Buffer.from(words),
  tlvs: new Map(),
  ...more,
})

function open() {
  let nowMs = 0
  const deliveries = new Deliveries('run', () => nowMs)
  return {
    deliveries,
    pass(ms: number) {
      nowMs += ms
    },
  }
}

test('texts that say the same have names of their own', () => {
  const { deliveries } = open()
  expect(deliveries.name(saying('yes'))).not.toBe(deliveries.name(saying('yes')))
})

test('one in doubt gives its name to the next that says the same, once for each', () => {
  const { deliveries } = open()
  const names = [deliveries.name(saying('yes')), deliveries.name(saying('yes'))]
  for (const name of names) deliveries.doubt(name)
  deliveries.doubt(names[0] ?? '')
  expect([deliveries.name(saying('yes')), deliveries.name(saying('yes'))]).toEqual(names)
  expect(names).not.toContain(deliveries.name(saying('yes')))
})

test('one in doubt is settled when the answer to it, as it came again, was surely read', () => {
  const { deliveries } = open()
  const name = deliveries.name(saying('yes'))
  expect(deliveries.settle(name)).toBe(false)
  deliveries.doubt(name)
  expect(deliveries.settle(name)).toBe(false)
  expect(deliveries.name(saying('yes'))).toBe(name)
  expect([deliveries.settle(name), deliveries.settle(name)]).toEqual([true, false])
})

test('what differs in any way is no repeat', () => {
  const { deliveries } = open()
  const name = deliveries.name(saying('yes'))
  deliveries.doubt(name)
  for (const other of [
    saying('Yes'),
    saying('yes', { source: '15557770002' }),
    saying('yes', { dataCoding: 3 }),
    saying('yes', { esmClass: 0x40 }),
    saying('yes', { tlvs: new Map([[0x020f, Buffer.from([2])]]) }),
  ]) {
    expect(deliveries.name(other)).not.toBe(name)
  }
  expect(deliveries.name(saying('yes'))).toBe(name)
})

test('an hour later it is a text of its own', () => {
  const { deliveries, pass } = open()
  const name = deliveries.name(saying('yes'))
  deliveries.doubt(name)
  pass(60 * 60 * 1000)
  expect(deliveries.name(saying('yes'))).not.toBe(name)
})
