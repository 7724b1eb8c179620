import { expect, test } from 'vitest'
import { openConcurrentRequests } from './twilio-concurrency.ts'

test('an account has so many requests answered at a time, whatever others do', () => {
  const { enter, leave } = openConcurrentRequests(2)
  expect([enter('a'), enter('b'), enter('a')]).toEqual([1, 1, 2])
  expect(() => enter('a')).toThrow(expect.objectContaining({ status: 429, code: 20429 }))
  leave('a')
  expect(enter('a')).toBe(2)
  for (const each of ['a', 'a', 'b']) leave(each)
  expect(enter('a')).toBe(1)
})

test('without a limit requests are counted and never refused', () => {
  const { enter } = openConcurrentRequests(null)
  expect(Array.from({ length: 500 }, () => enter('a')).at(-1)).toBe(500)
})
