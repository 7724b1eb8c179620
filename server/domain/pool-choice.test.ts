import { describe, expect, test } from 'vitest'
import { type Candidate, chooseNumber, type Wish } from './pool-choice.ts'

const WISH: Wish = { prefers: [], picks: 'in-order', areaCode: null, country: null }

function candidate(number: string, position: number, more: Partial<Candidate> = {}): Candidate {
  return { number, position, rank: 0, areaCode: null, country: 'US', isKnown: false, restingSince: null, ...more }
}

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute))

test('no candidate, no number', () => {
  expect(chooseNumber([], WISH)).toBeNull()
})

describe('the rule', () => {
  const candidates = [candidate('b', 2, { rank: 1 }), candidate('a', 1, { rank: 7 }), candidate('c', 3, { rank: 1 })]

  test('in-order takes the first by position, whatever the ranks say', () => {
    expect(chooseNumber(candidates, WISH)).toBe('a')
  })

  test.each(['least-recently-used', 'fewest-open'] as const)('%s takes the lowest rank, then position', picks => {
    expect(chooseNumber(candidates, { ...WISH, picks })).toBe('b')
  })

  test('a number that was just given away is not given to the same person', () => {
    const since = { isClaimed: (number: string) => number === 'a', claims: () => 0 }
    expect(chooseNumber(candidates, WISH, since)).toBe('b')
  })

  test('a number that was just given to somebody counts as used', () => {
    const since = { isClaimed: () => false, claims: (number: string) => (number === 'b' ? 1 : 0) }
    expect(chooseNumber(candidates, { ...WISH, picks: 'fewest-open' }, since)).toBe('c')
    expect(chooseNumber(candidates, { ...WISH, picks: 'least-recently-used' }, since)).toBe('c')
  })
})

describe('preferences', () => {
  const near = { areaCode: '212', country: 'US' }
  const candidates = [
    candidate('far', 1, { country: 'GB' }),
    candidate('same country', 2),
    candidate('same area', 3, { areaCode: '212' }),
    candidate('known', 4, { country: 'GB', isKnown: true }),
  ]

  test.each([
    [[], 'far'],
    [['country'], 'same country'],
    [['area-code'], 'same area'],
    [['country', 'area-code'], 'same area'],
    [['sticky', 'area-code'], 'known'],
    [['area-code', 'sticky'], 'same area'],
  ] as const)('%j take %s', (prefers, number) => {
    expect(chooseNumber(candidates, { ...WISH, ...near, prefers })).toBe(number)
  })

  test('say nothing of a person whose area and country are not known', () => {
    const wish: Wish = { ...WISH, prefers: ['area-code', 'country'] }
    expect(chooseNumber([candidate('first', 1), candidate('other', 2, { areaCode: '212' })], wish)).toBe('first')
  })
})

describe('numbers that rest', () => {
  test('come after those that are rested, whatever is preferred', () => {
    const wish: Wish = { ...WISH, prefers: ['sticky'] }
    const candidates = [candidate('resting', 1, { restingSince: at(5), isKnown: true }), candidate('rested', 2)]
    expect(chooseNumber(candidates, wish)).toBe('rested')
  })

  test('come longest rested first', () => {
    const candidates = [candidate('a', 1, { restingSince: at(9) }), candidate('b', 2, { restingSince: at(4) })]
    expect(chooseNumber(candidates, WISH)).toBe('b')
  })
})
