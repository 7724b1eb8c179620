import { expect, test } from 'vitest'
import { RateWindows } from './rate-windows.ts'

test('a key is counted from the first thing it does until its window ends', () => {
  const windows = new RateWindows(1000)
  const counts = [0, 500, 999, 1000, 1999, 2000].map(ms => windows.count('a', ms).count)
  expect(counts).toEqual([1, 2, 3, 1, 2, 1])
})

test('keys are counted apart', () => {
  const windows = new RateWindows(1000)
  expect(['a', 'b', 'a'].map(key => windows.count(key, 0).count)).toEqual([1, 1, 2])
})

test('a window whose end is put off goes on counting', () => {
  const windows = new RateWindows(1000)
  windows.count('a', 0).endsMs = 1500
  expect(windows.count('a', 1400).count).toBe(2)
  expect(windows.count('a', 1500).count).toBe(1)
})
