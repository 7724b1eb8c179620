import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, test } from 'vitest'
import { GSM7_BASIC, GSM7_EXTENSION } from './gsm7.ts'
import { countSegments, encodingOf, splitIntoSegments } from './segments.ts'

const basic = [...GSM7_BASIC].filter(character => character !== '\u001b')
const extension = [...GSM7_EXTENSION.keys()]

/** Characters that no reader joins to their neighbours, from every plane. */
const separate = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...basic) },
  { weight: 2, arbitrary: fc.constantFrom(...extension) },
)
const separateUnicode = fc.oneof(separate, fc.constantFrom('ç', '“', '漢', 'я', 'א', '😀', '🚀', '𝒳', '𠮷'))

function bodies(unit: fc.Arbitrary<string>, longest: number): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: longest }).chain(length => fc.string({ unit, minLength: length, maxLength: length }))
}

describe('the encoding of a text', () => {
  test('is GSM-7 for every character of the alphabet and its extension', () => {
    expect(basic).toHaveLength(127)
    expect(encodingOf(basic.join('') + extension.join(''))).toBe('gsm7')
    expect(encodingOf('')).toBe('gsm7')
  })

  test.each(['ç', '“', '`', '\t', '\u001b', 'я', '漢', '😀', 'e\u0301'])(
    'is UCS-2 for all of it because of %j',
    character => {
      expect(encodingOf(`plain ${character} text`)).toBe('ucs2')
    },
  )
})

describe('the segments of a text', () => {
  test.each([
    ['nothing', '', 1],
    ['160 characters', 'a'.repeat(160), 1],
    ['161 characters', 'a'.repeat(161), 2],
    ['2 times 153', 'a'.repeat(306), 2],
    ['one more than that', 'a'.repeat(307), 3],
    ['80 characters of the extension', '€'.repeat(80), 1],
    ['81 characters of the extension', '€'.repeat(81), 2],
    ['153 characters of the extension, 76 of them a segment', '€'.repeat(153), 3],
    ['70 characters beyond GSM-7', 'я'.repeat(70), 1],
    ['71 characters beyond GSM-7', 'я'.repeat(71), 2],
    ['2 times 67 beyond GSM-7', 'я'.repeat(134), 2],
    ['one more than that', 'я'.repeat(135), 3],
    ['35 emoji', '😀'.repeat(35), 1],
    ['66 emoji, 33 of them a segment', '😀'.repeat(66), 2],
    ['67 emoji', '😀'.repeat(67), 3],
    ['160 characters of which one is a typographic quote', `${'a'.repeat(159)}’`, 3],
  ])('of %s', (_, text, count) => {
    expect(countSegments(text)).toBe(count)
  })

  test('never part an escape from its character, nor the halves of a surrogate pair', () => {
    expect(splitIntoSegments(`${'a'.repeat(152)}€${'a'.repeat(20)}`)).toEqual(['a'.repeat(152), `€${'a'.repeat(20)}`])
    expect(splitIntoSegments(`${'я'.repeat(66)}😀${'я'.repeat(20)}`)).toEqual(['я'.repeat(66), `😀${'я'.repeat(20)}`])
  })

  test('are the text when joined, and each fits', () => {
    const unit = fc.oneof(separateUnicode, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }))
    fc.assert(
      fc.property(fc.oneof(bodies(separate, 400), bodies(unit, 200)), text => {
        const segments = splitIntoSegments(text)
        expect(segments.join('')).toBe(text)
        expect(segments).toHaveLength(countSegments(text))
        for (const segment of segments) {
          expect(countSegments(segment)).toBe(1)
          expect(segment).not.toMatch(/\p{Surrogate}/u)
        }
      }),
    )
  })
})

describe("Twilio's own calculator", () => {
  test('agrees on 10,000 texts', { timeout: 60_000 }, () => {
    const text = fc.oneof(bodies(separate, 330), bodies(separateUnicode, 150))
    fc.assert(
      fc.property(text, body => {
        const theirs = new SegmentedMessage(body)
        expect([encodingOf(body), countSegments(body)]).toEqual([
          theirs.encodingName === 'GSM-7' ? 'gsm7' : 'ucs2',
          theirs.segmentsCount,
        ])
      }),
      { numRuns: 10_000 },
    )
  })

  test('differs where several code points make one picture: it moves the picture whole, we fill the segment', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(family).toHaveLength(11)
    const text = `${'я'.repeat(60)}${family}${'я'.repeat(60)}`
    expect(new SegmentedMessage(text).segmentsCount).toBe(3)
    expect(countSegments(text)).toBe(2)
  })
})
