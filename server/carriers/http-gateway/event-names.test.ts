import { beforeEach, expect, test } from 'vitest'
import { EventNames } from './event-names.ts'

const YES = Buffer.from('{"text":"yes"}')
let nowMs = 0
let names: EventNames
beforeEach(() => {
  nowMs = 0
  let ids = 0
  names = new EventNames(
    () => `id${++ids}`,
    () => nowMs,
  )
})

test('what says the same after an answer is another text', () => {
  const first = names.open(YES, 0)
  names.close([first], true)
  expect(names.open(YES, 0)).not.toBe(first)
})

test('what says the same after no answer is the same text, once', () => {
  const first = names.open(YES, 0)
  names.close([first], false)
  expect(names.open(YES, 0)).toBe(first)
  names.close([first], true)
  expect(names.open(YES, 0)).not.toBe(first)
})

test('what says the same at the same moment is another text', () => {
  const first = names.open(YES, 0)
  nowMs = 1000
  expect(names.open(YES, 0)).not.toBe(first)
})

test('what says the same while a request is long under way is a gateway that gave it up', () => {
  const first = names.open(YES, 0)
  nowMs = 5000
  expect(names.open(YES, 0)).toBe(first)
})

test('two texts of one request are two, also when it comes again', () => {
  const both = [names.open(YES, 0), names.open(YES, 1)]
  expect(new Set(both).size).toBe(2)
  names.close(both, false)
  expect([names.open(YES, 0), names.open(YES, 1)]).toEqual(both)
})

test('a text that did not come again within an hour is forgotten', () => {
  const first = names.open(YES, 0)
  names.close([first], false)
  nowMs = 3_600_000
  expect(names.open(YES, 0)).not.toBe(first)
})
