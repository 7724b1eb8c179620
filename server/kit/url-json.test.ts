import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readUrlJson, writeUrlJson } from './url-json.ts'

test('what was written is read, and travels in a URL as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = writeUrlJson(value)
      expect(encodeURIComponent(text)).toBe(text)
      expect(readUrlJson(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test.each(['', 'not json', 'e30=', 'bm90IGpzb24', '%7B%7D'])('%j spells nothing', text => {
  expect(readUrlJson(text)).toBeUndefined()
})
