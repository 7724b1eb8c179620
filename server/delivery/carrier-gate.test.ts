import { describe, expect, test } from 'vitest'
import type { Carrier, SendResult } from '../carriers/carrier.ts'
import { CarrierGate } from './carrier-gate.ts'

function open(mayHold?: number) {
  let nowMs = 1_000_000
  const state = { isBound: true, perSecond: null as number | null }
  const carrier: Carrier = {
    id: 'op1',
    health: () => ({ ...state, links: { bound: 1, wanted: 1 }, lastError: null }),
    ...(mayHold !== undefined && { mayHold: () => mayHold }),
    async start() {},
    async stop() {},
    send: async () => [],
  }
  const gate = new CarrierGate(carrier, () => nowMs)
  return { gate, state, pass: (ms: number) => (nowMs += ms) }
}

const retry = (why: 'busy' | 'away'): SendResult => ({ kind: 'retry', why, carrierCode: 'x', message: 'x' })
const taken: SendResult = { kind: 'taken', carrierMessageId: 'x' }

describe('the gate of a carrier', () => {
  test('lets through as many as the carrier can hold', () => {
    const { gate } = open(2)
    gate.enter()
    expect(gate.waitMs()).toBe(0)
    gate.enter()
    expect(gate.waitMs()).toBe(Number.POSITIVE_INFINITY)
    gate.leave()
    expect(gate.waitMs()).toBe(0)
  })

  test('lets a carrier that is held to a rate hold no more than a second of texts', () => {
    const { gate, state } = open()
    state.perSecond = 3
    for (let at = 0; at < 3; at++) gate.enter()
    expect(gate.waitMs()).toBe(Number.POSITIVE_INFINITY)
  })

  test('is closed while the carrier says that it is away, but for a text now and then', () => {
    const { gate, state, pass } = open()
    state.isBound = false
    expect(gate.look()).toMatchObject({ isOpen: false, awayForMs: 0 })
    pass(1000)
    expect(gate.look()).toMatchObject({ isOpen: false, awayForMs: 1000 })
    pass(1000)
    expect(gate.look()).toMatchObject({ isOpen: true, awayForMs: 2000 })
    gate.enter()
    expect(gate.look()).toMatchObject({ isOpen: false, awayForMs: 2000 })
    state.isBound = true
    pass(100)
    expect(gate.look()).toMatchObject({ isOpen: true, awayForMs: 0 })
  })

  test('leaves a carrier that took none alone, longer each time, until it takes one', () => {
    const { gate, pass } = open()
    gate.heed(retry('away'))
    gate.heed(retry('away'))
    expect(gate.look().isOpen).toBe(false)
    pass(1000)
    expect(gate.look().isOpen).toBe(true)
    gate.heed(retry('away'))
    pass(1000)
    expect(gate.look().isOpen).toBe(false)
    pass(1000)
    expect(gate.look().isOpen).toBe(true)
    gate.heed(taken)
    gate.heed(retry('away'))
    pass(1000)
    expect(gate.look().isOpen).toBe(true)
  })

  test('is slower for a carrier that has enough, and faster again when it has not', () => {
    const { gate, pass } = open()
    for (let at = 0; at < 100; at++) {
      gate.enter()
      gate.leave()
      pass(10)
    }
    gate.heed(retry('busy'))
    expect(gate.waitMs()).toBeGreaterThan(0)
    for (let second = 0; second < 60; second++) {
      pass(1000)
      gate.waitMs()
    }
    gate.enter()
    expect(gate.waitMs()).toBe(0)
  })
})
