import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUuid, newId, sid, uuidOfSid } from './ids.ts'

const AUGUST_2023 = Date.UTC(2023, 7, 24)
/** Later than every other time in this file: ids of a process never go back. */
const YEAR_3000 = Date.UTC(3000, 0, 1)

function millisecondsOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

describe('a new id', () => {
  test('is a UUID of version 7 and says its millisecond', () => {
    const id = newId(AUGUST_2023)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(millisecondsOf(id)).toBe(AUGUST_2023)
  })

  test('is greater than the one before when time repeats, goes back or runs on', () => {
    const near = fc.integer({ min: AUGUST_2023, max: AUGUST_2023 + 50 })
    fc.assert(
      fc.property(fc.array(near, { minLength: 2, maxLength: 200 }), times => {
        const ids = times.map(newId)
        expect(ids).toEqual([...new Set(ids)].sort())
      }),
    )
  })

  test('borrows from the next millisecond when one millisecond makes more than its counter holds', () => {
    const ids = Array.from({ length: 10_000 }, () => newId(YEAR_3000))
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(millisecondsOf(ids.at(-1)!)).toBeLessThanOrEqual(YEAR_3000 + 5)
  })

  test('has 62 bits of chance that do not repeat', () => {
    const tails = new Set(Array.from({ length: 5_000 }, () => newId(AUGUST_2023).slice(19)))
    expect(tails.size).toBe(5_000)
  })

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 48])('is refused for %s, which is no time', nowMs => {
    expect(() => newId(nowMs)).toThrow(RangeError)
  })

  test('takes the whole milliseconds of a time with fractions', () => {
    expect(millisecondsOf(newId(YEAR_3000 + 1_000.75))).toBe(YEAR_3000 + 1_000)
  })
})

describe('a SID', () => {
  test('spells an id as its prefix and 32 hex digits in lower case', () => {
    expect(sid('SM', '018A2F6C-1111-7222-8333-0123456789AB')).toBe('SM018a2f6c1111722283330123456789ab')
  })

  test('gives back the id it spells, whatever the case of its hex', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (uuid, isUpper) => {
        const spelled = sid('CH', uuid)
        const text = isUpper ? `CH${spelled.slice(2).toUpperCase()}` : spelled
        expect(uuidOfSid('CH', text)).toBe(uuid)
      }),
    )
  })

  test('may be asked for by several prefixes', () => {
    const text = `MM${'0'.repeat(31)}1`
    expect(uuidOfSid(['SM', 'MM'], text)).toBe('00000000-0000-0000-0000-000000000001')
    expect(uuidOfSid('SM', text)).toBeNull()
  })

  test.each([
    `SM${'0'.repeat(31)}`,
    `SM${'0'.repeat(33)}`,
    `sm${'0'.repeat(32)}`,
    `SM${'g'.repeat(32)}`,
    `SM${'0'.repeat(32)}\n`,
    'toString',
    '',
  ])('is not %j', text => {
    expect(uuidOfSid('SM', text)).toBeNull()
  })
})

test('a UUID is known by its dashed form alone', () => {
  expect(isUuid(newId(AUGUST_2023))).toBe(true)
  expect(isUuid('00000000-0000-0000-0000-000000000001')).toBe(true)
  expect(isUuid('018A2F6C-1111-7222-8333-0123456789AB')).toBe(true)
  expect(isUuid('018a2f6c111172228333 0123456789ab')).toBe(false)
  expect(isUuid('018a2f6c1111722283330123456789ab')).toBe(false)
  expect(isUuid('{018a2f6c-1111-7222-8333-0123456789ab}')).toBe(false)
})
