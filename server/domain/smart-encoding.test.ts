import fc from 'fast-check'
import SmartEncodingMap from 'sms-segments-calculator/dist/libs/SmartEncodingMap.js'
import { describe, expect, test } from 'vitest'
import { countSegments, encodingOf } from './segments.ts'
import { smartEncode } from './smart-encoding.ts'

/** The package is CommonJS: its table is the `default` of what an import of it gives. */
const twilios: Record<string, string> = Object.hasOwn(SmartEncodingMap, 'default')
  ? Object.getOwnPropertyDescriptor(SmartEncodingMap, 'default')?.value
  : SmartEncodingMap

describe('smart encoding', () => {
  test.each([
    ['“It’s here” — come…', '"It\'s here" - come...'],
    ['10\u00a0000\u202f€', '10 000 €'],
    ['ﬁne oﬃce', 'fine office'],
    ['ＳＡＬＥ　５０％', 'SALE 50%'],
    ['cafe\u0301', 'café'],
    ['one\u200btwo\ufeff', 'onetwo'],
    ['non\u2011breaking \u22125', 'non-breaking -5'],
    ['a\tb', 'a b'],
  ])('makes GSM-7 of %j', (text, encoded) => {
    expect(smartEncode(text)).toBe(encoded)
    expect(encodingOf(encoded)).toBe('gsm7')
  })

  test.each(['plain text {with} €', '', '“quoted” 😀', 'он сказал «да»'])(
    'leaves %j as it is, which is GSM-7 or can not become it',
    text => {
      expect(smartEncode(text)).toBe(text)
    },
  )

  test('never costs a segment', () => {
    expect(smartEncode('…'.repeat(53))).toBe('...'.repeat(53))
    expect(smartEncode('…'.repeat(70))).toBe('…'.repeat(70))
    const unit = fc.oneof(
      fc.constantFrom('a', 'é', '…', '‼', '½', '’', '\u00a0', '😀'),
      fc.string({ minLength: 1, maxLength: 1 }),
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), text => {
        expect(countSegments(smartEncode(text))).toBeLessThanOrEqual(countSegments(text))
        expect(smartEncode(smartEncode(text))).toBe(smartEncode(text))
      }),
    )
  })

  test("replaces all that Twilio's calculator does, the same way but for the width of spaces", () => {
    expect(Object.keys(twilios).length).toBeGreaterThan(200)
    for (const [character, replacement] of Object.entries(twilios)) {
      expect([character, smartEncode(character)]).toEqual([character, replacement.replace(/^ +$/, ' ')])
    }
  })
})
