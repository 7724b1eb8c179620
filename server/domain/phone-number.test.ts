import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalAddress, canonicalPhoneNumber, channelOf, classifyAddress, maskNumber } from './phone-number.ts'

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength })

describe('an address is judged by its shape', () => {
  test.each([
    ['+15557770001', 'phone'],
    ['+1234567', 'phone'],
    ['+123456789012345', 'phone'],
    ['+123456', 'invalid'],
    ['+0015557770001', 'invalid'],
    ['+1234567890123456', 'invalid'],
    ['15557770001', 'invalid'],
    ['+1 555 777 0001', 'invalid'],
    ['+15557770001\n', 'invalid'],
    ['+１５５５７７７０００１', 'invalid'],
    ['911', 'short_code'],
    ['72345', 'short_code'],
    ['12345678', 'short_code'],
    ['12', 'invalid'],
    ['123456789', 'invalid'],
    ['Heddle', 'alphanumeric'],
    ['A', 'alphanumeric'],
    ['My Shop 24', 'alphanumeric'],
    ['AT&T_no.1-a', 'alphanumeric'],
    ['12345678901a', 'invalid'],
    [' Shop', 'invalid'],
    ['Schö', 'invalid'],
    ['&-_.', 'invalid'],
    ['whatsapp:+15557770001', 'channel'],
    ['rcs:brand_agent', 'channel'],
    ['messenger:1234567890', 'channel'],
    ['whatsapp:', 'invalid'],
    ['fax:+15557770001', 'invalid'],
    ['MG00000000000000000000000000000001', 'invalid'],
    ['', 'invalid'],
  ])('%j is %s', (text, kind) => {
    expect(classifyAddress(text)).toBe(kind)
  })

  test('every plus with 7 to 15 digits, the first no zero, is a phone, whatever numbering plan it breaks', () => {
    fc.assert(fc.property(digits(6, 14), text => classifyAddress(`+1${text}`) === 'phone'))
  })
})

describe('a number typed by hand', () => {
  test.each([
    '+1 555 777 0001',
    '+1 (555) 777-0001',
    '+1.555.777.0001',
    ' +15557770001 ',
    '+1\u00a0555\u2011777\u20110001',
    '\u202a+15557770001\u202c',
    ' 15557770001',
    ' 1 (555) 777-0001',
  ])('%j is +15557770001', text => {
    expect(canonicalPhoneNumber(text)).toBe('+15557770001')
    expect(canonicalAddress(text)).toBe('+15557770001')
  })

  test.each([
    '15557770001',
    '(555) 777-0001',
    '5557770001',
    '0015557770001',
    '+44 (0)20 7183 8750',
    '++15557770001',
    '+1555777000A',
    '+1 555 777 0001 ext 5',
    '+1555 777 0001, +1555 777 0002',
    '  15557770001',
    'tel:+15557770001',
    '',
  ])('%j is refused', text => {
    expect(canonicalPhoneNumber(text)).toBeNull()
    expect(canonicalAddress(text)).toBeNull()
  })

  test('is the same number however it is spaced', () => {
    const gap = fc.constantFrom('', ' ', '-', '.', ' (', ') ', '\u2013', '\t')
    fc.assert(
      fc.property(digits(7, 15), fc.array(gap, { minLength: 15, maxLength: 15 }), (text, gaps) => {
        fc.pre(!text.includes('0'))
        expect(canonicalPhoneNumber(`+${[...text].map((digit, i) => gaps[i] + digit).join('')}`)).toBe(`+${text}`)
      }),
    )
  })
})

describe('the spelling under which an address is kept', () => {
  test.each([
    [' 72345 ', '72345'],
    ['Heddle ', 'Heddle'],
    ['WhatsApp:+1 555 777 0001', 'whatsapp:+15557770001'],
    ['whatsapp: 15557770001', 'whatsapp:+15557770001'],
    ['rcs:brand_agent', 'rcs:brand_agent'],
  ])('of %j is %j', (text, kept) => {
    expect(canonicalAddress(text)).toBe(kept)
  })

  test('is kept as it is when it comes again', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), text => {
        const kept = canonicalAddress(text)
        fc.pre(kept !== null)
        expect(classifyAddress(kept)).not.toBe('invalid')
        expect(canonicalAddress(kept)).toBe(kept)
      }),
    )
  })
})

test('an address says its channel', () => {
  expect(channelOf('whatsapp:+15557770001')).toBe('whatsapp')
  expect(channelOf('+15557770001')).toBe('sms')
  expect(channelOf('Heddle')).toBe('sms')
})

test('a masked number shows its last four digits and nothing else', () => {
  expect(maskNumber('+15557770001')).toBe('+*******0001')
  expect(maskNumber('72345')).toBe('*2345')
  expect(maskNumber('whatsapp:+15557770001')).toBe('whatsapp:+*******0001')
  expect(maskNumber('')).toBe('')
})
