import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const backoff = { firstMs: 1_000, maxMs: 60_000 }
const highest = () => 1 - Number.EPSILON

test('the longest wait doubles with each failed attempt', () => {
  expect([1, 2, 3, 4].map(attempt => backoffMs(backoff, attempt, highest))).toEqual([1_000, 2_000, 4_000, 8_000])
})

test('no wait is longer than the maximum, however many attempts failed', () => {
  expect([7, 100, 5_000].map(attempt => backoffMs(backoff, attempt, highest))).toEqual([60_000, 60_000, 60_000])
})

test('the wait is drawn evenly from none to the longest', () => {
  expect(backoffMs(backoff, 3, () => 0)).toBe(0)
  expect(backoffMs(backoff, 3, () => 0.25)).toBe(1_000)
  expect(backoffMs(backoff, 3, () => 0.5)).toBe(2_000)
})

test('a maximum below the first wait holds from the start', () => {
  expect(backoffMs({ firstMs: 5_000, maxMs: 2_000 }, 1, highest)).toBe(2_000)
})
