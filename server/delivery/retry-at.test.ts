import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retryAt } from './retry-at.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const why = fc.constantFrom('busy' as const, 'away' as const, undefined)
const random = fc.double({ min: 0, max: 0.999, noNaN: true })

describe('a text that was not taken', () => {
  test('is tried again some time later, and never after its validity', () => {
    const attempts = fc.integer({ min: 0, max: 5000 })
    const validForMs = fc.option(fc.integer({ min: 1, max: 36_000_000 }))
    fc.assert(
      fc.property(attempts, why, random, validForMs, (attempts, why, draw, validForMs) => {
        const validUntil = validForMs === null ? null : new Date(NOW.getTime() + validForMs)
        const at = retryAt(NOW, { attempts, why, validUntil }, () => draw).getTime()
        expect(at).toBeGreaterThan(NOW.getTime())
        if (validUntil) expect(at).toBeLessThanOrEqual(validUntil.getTime())
        expect(at - NOW.getTime()).toBeLessThanOrEqual(302_000)
      }),
    )
  })

  test.each([
    ['whose carrier is away waits for the carrier only', 'away' as const, 20, 1250],
    ['whose carrier is busy waits half a minute at most', 'busy' as const, 20, 30_500],
    ['that was not taken itself waits five minutes at most', undefined, 20, 301_000],
    ['that was not taken itself for the first time waits seconds', undefined, 1, 3000],
  ])('%s', (_, why, attempts, mostMs) => {
    const at = retryAt(NOW, { attempts, why, validUntil: null }, () => 0.999)
    expect(at.getTime() - NOW.getTime()).toBeLessThanOrEqual(mostMs)
    expect(at.getTime() - NOW.getTime()).toBeGreaterThan(mostMs * 0.9)
  })

  test('waits as long as its carrier asks', () => {
    const tried = { attempts: 1, afterMs: 10_000, validUntil: null }
    expect(retryAt(NOW, tried, () => 0).getTime() - NOW.getTime()).toBe(10_000)
  })
})
