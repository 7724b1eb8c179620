import { expect, test } from 'vitest'
import { nameFor, takesNames } from './sender-names.ts'

const ACME = { name: 'ACME', country: null }
const ACME_FR = { name: 'ACMEFR', country: 'FR' }
const ACME_US = { name: 'ACMEUS', country: 'US' }

test.each([
  ['GB', true],
  ['FR', true],
  ['US', false],
  ['CA', false],
  [null, false],
])('texts to %s may come from a name: %s', (country, may) => {
  expect(takesNames(country)).toBe(may)
})

test.each([
  ['FR', [ACME, ACME_FR], ACME_FR],
  ['GB', [ACME, ACME_FR], ACME],
  ['GB', [ACME_FR], undefined],
  ['US', [ACME], undefined],
  // Its owner says that the country takes it.
  ['US', [ACME, ACME_US], ACME_US],
  [null, [ACME, ACME_US], undefined],
])('to %s of %j goes %j', (country, names, name) => {
  expect(nameFor(country, names)).toBe(name)
})
