import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseCarrier } from './choose-carrier.ts'

const PATIENCE_MS = 5000
const look = fc.record({
  isMissing: fc.boolean(),
  isOpen: fc.boolean(),
  awayForMs: fc.integer({ min: 0, max: 10_000 }),
})
const looks = fc
  .array(look, { maxLength: 5 })
  .map(found => found.map((each, at) => ({ ...each, id: `op${at + 1}`, awayForMs: each.isOpen ? 0 : each.awayForMs })))

describe('the carrier of a text', () => {
  test('is the first one that is open, after others that have been away for long', () => {
    fc.assert(
      fc.property(looks, found => {
        const choice = chooseCarrier(found, PATIENCE_MS)
        const there = found.filter(each => !each.isMissing)
        const counted = there.find(each => each.isOpen || each.awayForMs < PATIENCE_MS)
        if (there.length === 0) expect(choice).toEqual({ kind: 'none' })
        else if (counted?.isOpen) expect(choice).toEqual({ kind: 'go', carrier: counted.id })
        else expect(choice).toEqual({ kind: 'wait' })
      }),
    )
  })

  test.each([
    ['the first, when it is open', [0, 0], 'op1'],
    ['nobody for a moment, when the first has just gone', [100, 0], null],
    ['the second, when the first stays away', [6000, 0], 'op2'],
    ['nobody, when all stay away', [6000, 7000], null],
  ])('is %s', (_, away, carrier) => {
    const found = away.map((awayForMs, at) => ({
      id: `op${at + 1}`,
      isMissing: false,
      isOpen: awayForMs === 0,
      awayForMs,
    }))
    expect(chooseCarrier(found, PATIENCE_MS)).toEqual(carrier === null ? { kind: 'wait' } : { kind: 'go', carrier })
  })
})
