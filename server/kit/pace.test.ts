import { describe, expect, test } from 'vitest'
import { Pace } from './pace.ts'

function open(maxPerSecond: number | null) {
  let nowMs = 1_000_000
  const pace = new Pace({ maxPerSecond, nowMs: () => nowMs })
  return {
    pace,
    pass(ms: number) {
      nowMs += ms
    },
    /** How many go in a second when one is always ready. */
    goIn(ms: number): number {
      let went = 0
      for (const untilMs = nowMs + ms; nowMs < untilMs; nowMs += 1) while (pace.take() === 0 && went < 100_000) went++
      return went
    },
  }
}

describe('a pace', () => {
  test('of its own is kept', () => {
    const { goIn } = open(50)
    goIn(1000)
    expect(goIn(2000)).toBeGreaterThan(95)
    expect(goIn(2000)).toBeLessThan(105)
  })

  test('that was too fast is halved, and grows again until it is free', () => {
    const { pace, pass } = open(null)
    for (let sent = 0; sent < 100; sent++) {
      expect(pace.take()).toBe(0)
      pass(10)
    }
    pace.slowDown()
    const slowed = pace.perSecond ?? 0
    expect(slowed).toBeGreaterThan(40)
    expect(slowed).toBeLessThan(60)
    for (let second = 0; second < 5; second++) {
      pass(1000)
      pace.take()
    }
    expect(pace.perSecond).toBeGreaterThan(slowed * 1.5)
    for (let second = 0; second < 60; second++) {
      pass(1000)
      pace.take()
    }
    expect(pace.perSecond).toBe(null)
  })

  test('that is told so by all that was under way is halved once', () => {
    const { pace, pass } = open(null)
    for (let sent = 0; sent < 100; sent++) {
      pace.take()
      pass(10)
    }
    for (let told = 0; told < 20; told++) pace.slowDown()
    expect(pace.perSecond).toBeGreaterThan(40)
  })

  test('never falls below one a second', () => {
    const { pace, pass } = open(2)
    for (let told = 0; told < 20; told++) {
      pass(1000)
      pace.slowDown()
    }
    expect(pace.perSecond).toBe(1)
  })
})
