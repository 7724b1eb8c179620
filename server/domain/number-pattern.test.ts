import { describe, expect, test } from 'vitest'
import { numberPattern } from './number-pattern.ts'

/** What LIKE does. */
function fits(pattern: string, number: string): boolean {
  const like = numberPattern(pattern)
  if (like === null) throw new Error(`${pattern} is no pattern`)
  const source = like.replace(/\+/g, '\\+').replaceAll('_', '.').replaceAll('%', '.*')
  return new RegExp(`^${source}$`).test(number)
}

describe('a number pattern', () => {
  test.each([
    ['555', '+15107775550', true],
    ['555', '+15107770000', false],
    ['510555****', '+15105559999', true],
    ['+1510', '+15105559999', true],
    ['+510', '+15105559999', false],
    ['9999$', '+15105559999', true],
    ['5555$', '+15105559999', false],
    ['51055*9999', '+15105559999', true],
    ['510%99', '+15105559999', true],
    ['STORM', '+15105578676', true],
    ['storm', '+15105578676', true],
    ['(510) 555-9999', '+15105559999', true],
  ])('%s on %s: %s', (pattern, number, expected) => {
    expect(fits(pattern, number)).toBe(expected)
  })

  test.each(['', 'é', '5_5', "'", '1$2', '1+2'])('%j is none', pattern => {
    expect(numberPattern(pattern)).toBeNull()
  })
})
