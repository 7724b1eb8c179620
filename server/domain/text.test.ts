import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, lengthInCharacters } from './text.ts'

describe('a text as the store can hold it', () => {
  test('has U+FFFD where there was a U+0000 or half of a surrogate pair', () => {
    expect(cleanText('a\0b')).toBe('a\ufffdb')
    expect(cleanText('a\ud83d')).toBe('a\ufffd')
    expect(cleanText('\ude00a')).toBe('\ufffda')
    expect(cleanText('\ude00\ud83d')).toBe('\ufffd\ufffd')
  })

  test('keeps whole pairs, and all other control characters', () => {
    const text = '😀\u0001\t\r\n\u007f\ufffe\uffff family: 👨‍👩‍👧'
    expect(cleanText(text)).toBe(text)
  })

  test('survives a trip through UTF-8 and has the length it had', () => {
    const codeUnit = fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff }), fc.constant(0))
    fc.assert(
      fc.property(fc.array(codeUnit), units => {
        const text = String.fromCharCode(...units)
        const cleaned = cleanText(text)
        expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(cleaned))).toBe(cleaned)
        expect(cleaned).not.toContain('\0')
        expect(cleaned).toHaveLength(text.length)
        expect(cleanText(cleaned)).toBe(cleaned)
      }),
    )
  })
})

test('a text is as long as its UTF-16 code units', () => {
  expect(lengthInCharacters('')).toBe(0)
  expect(lengthInCharacters('héllo €')).toBe(7)
  expect(lengthInCharacters('😀')).toBe(2)
})
