import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pacing } from './pacing.ts'

describe('pacing', () => {
  test('lets through what the limit allows, however it is asked and whatever it counts', () => {
    const asks = fc.array(fc.record({ afterMs: fc.nat(400), segments: fc.integer({ min: 1, max: 10 }) }), {
      minLength: 20,
      maxLength: 200,
    })
    fc.assert(
      fc.property(asks, fc.double({ min: 0.5, max: 50, noNaN: true }), (asked, perSecond) => {
        let nowMs = 0
        const pacing = new Pacing(() => nowMs)
        const limit = { name: 'a number', perSecond }
        let segments = 0
        let last = 0
        for (const ask of asked) {
          nowMs += ask.afterMs
          if (pacing.waitMs(limit) > 0) continue
          pacing.take(limit, ask.segments)
          segments += ask.segments
          last = ask.segments
        }
        const allowed = (nowMs / 1000) * perSecond + Math.max(1, perSecond * 0.1)
        expect(segments - last).toBeLessThanOrEqual(allowed + 1e-6)
      }),
    )
  })

  test('says when it is worth asking again', () => {
    let nowMs = 0
    const pacing = new Pacing(() => nowMs)
    const limit = { name: 'a number', perSecond: 2 }
    expect(pacing.waitMs(limit)).toBe(0)
    pacing.take(limit, 4)
    nowMs += pacing.waitMs(limit)
    expect(pacing.waitMs(limit)).toBe(0)
    expect(nowMs).toBe(2000)
  })

  test('keeps names apart, and forgets a limit that is lifted', () => {
    const pacing = new Pacing(() => 0)
    pacing.take({ name: 'one', perSecond: 1 }, 1)
    expect(pacing.waitMs({ name: 'one', perSecond: 1 })).toBe(1000)
    expect(pacing.waitMs({ name: 'two', perSecond: 1 })).toBe(0)
    expect(pacing.waitMs({ name: 'one', perSecond: null })).toBe(0)
    expect(pacing.waitMs({ name: 'one', perSecond: 5 })).toBe(0)
  })
})
