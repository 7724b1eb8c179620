import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { carriersFor } from './carrier-route.ts'

const route = fc.record({
  prefix: fc.constantFrom('', '+', '+4', '+44', '+447', '+1'),
  carriers: fc.uniqueArray(fc.constantFrom('op1', 'op2', 'op3'), { maxLength: 3 }),
})

describe('the carriers of a text', () => {
  test('are those of the longest beginning that fits, the number before its account', () => {
    const person = fc.constantFrom('+447700900001', '+15557770001', '28000')
    fc.assert(
      fc.property(person, fc.array(route), fc.array(route), (person, ofNumber, ofAccount) => {
        const found = carriersFor(person, { own: 'own', ofNumber, ofAccount })
        const fits = (each: { prefix: string; carriers: string[] }) =>
          person.startsWith(each.prefix) && each.carriers.length > 0
        const longest = Math.max(-1, ...[...ofNumber, ...ofAccount].filter(fits).map(each => each.prefix.length))
        const best = (routes: typeof ofNumber) => routes.find(each => fits(each) && each.prefix.length === longest)
        expect(found).toEqual((best(ofNumber) ?? best(ofAccount))?.carriers ?? ['own'])
      }),
    )
  })
})
