import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openAddresses } from './addresses.ts'
import { alphabetOf, decodeAs, decodeGsm7, decodeUcs2, encodeGsm7, encodeUcs2 } from './alphabets.ts'
import { compose } from './compose.ts'
import { readPlace } from './concatenation.ts'
import { answerOf } from './errors.ts'
import { canonicalId } from './message-ids.ts'
import type { Delivered } from './pdu.ts'
import { isReceipt, readReceipt } from './receipts.ts'

const settings = { url: 'smpp://smsc.example', systemId: 'x' }
const delivered = (more: Partial<Delivered>): Delivered => ({
  sourceTon: 1,
  source: '15557770001',
  destinationTon: 1,
  destination: '15550001000',
  esmClass: 0,
  dataCoding: 0,
  bytes: Buffer.alloc(0),
  tlvs: new Map(),
  ...more,
})

describe('alphabets', () => {
  test('GSM 03.38 spells its extension table with the escape', () => {
    expect([...encodeGsm7('@a€[')]).toEqual([0x00, 0x61, 0x1b, 0x65, 0x1b, 0x3c])
    expect(decodeGsm7(Buffer.from([0x00, 0x61, 0x1b, 0x65, 0x1b, 0x3c]))).toBe('@a€[')
  })

  test('an escape that nothing known follows is left out', () => {
    expect(decodeGsm7(Buffer.from([0x1b, 0x61, 0x62, 0x1b]))).toBe('ab')
  })

  test('UCS-2 carries pairs of surrogates, and an odd last octet is left out', () => {
    expect(decodeUcs2(encodeUcs2('né 😀'))).toBe('né 😀')
    expect(decodeUcs2(Buffer.from([0x00, 0x61, 0x00]))).toBe('a')
  })

  test.each([
    [0x00, 'gsm7'],
    [0x01, 'ascii'],
    [0x03, 'latin1'],
    [0x04, 'binary'],
    [0x08, 'ucs2'],
    [0x18, 'ucs2'],
    [0x14, 'binary'],
    [0xf0, 'gsm7'],
    [0xf5, 'binary'],
    [0xe0, 'ucs2'],
    [0x48, 'ucs2'],
    [0x54, 'binary'],
    [0x40, 'gsm7'],
    [0x85, 'gsm7'],
    [0x06, 'cyrillic'],
    [0x07, 'hebrew'],
  ])('data_coding 0x%s is %s', (dataCoding, alphabet) => {
    expect(alphabetOf(dataCoding, 'gsm7')).toBe(alphabet)
  })
})

test('texts in ISO 8859-5 and 8859-8 are read', () => {
  expect(decodeAs(alphabetOf(6, 'gsm7'), Buffer.from([0xbf, 0xe0, 0xd8, 0xd2, 0xd5, 0xe2]))).toBe('Привет')
  expect(decodeAs(alphabetOf(7, 'gsm7'), Buffer.from([0xf9, 0xec, 0xe5, 0xed]))).toBe('שלום')
})

describe('a text that is cut', () => {
  const modes = ['udh8', 'udh16', 'sar'] as const

  test.each(modes)('by %s is whole again when its parts are joined, whatever its characters', concatenation => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 700 }), fc.nat(0xffff), (body, reference) => {
        const text = body.replace(/\p{Surrogate}/gu, '')
        const parts = compose(text, { ...settings, concatenation }, reference)
        const read = parts.map(part => readPlace(delivered({ esmClass: part.esm_class, bytes: part.short_message })))
        const [coding] = parts.map(part => part.data_coding)
        const joined = Buffer.concat(read.map(each => each.text))
        expect(decodeAs(alphabetOf(coding ?? 0, 'gsm7'), joined)).toBe(text)
        expect(Math.max(...parts.map(part => part.short_message.length))).toBeLessThanOrEqual(160)
        if (parts.length > 1 && concatenation !== 'sar') {
          expect(read.map(each => [each.place?.part, each.place?.total])).toEqual(
            parts.map((_, at) => [at + 1, parts.length]),
          )
        }
      }),
      { numRuns: 200 },
    )
  })

  test('by message_payload goes whole', () => {
    const [only, ...more] = compose('x'.repeat(1000), { ...settings, concatenation: 'payload' }, 1)
    expect(only?.message_payload?.length).toBe(1000)
    expect(more).toEqual([])
  })

  test('goes in Latin-1 only where the carrier takes it', () => {
    expect(compose('ça va', settings, 1)[0]?.data_coding).toBe(8)
    expect(compose('ça va', { ...settings, dataCoding: { latin1: 3 } }, 1)[0]?.data_coding).toBe(3)
    expect(compose('ça va', { ...settings, defaultAlphabet: 'latin1' }, 1)[0]?.data_coding).toBe(0)
  })
})

describe('addresses', () => {
  test.each([
    ['+15550001000', { ton: 1, npi: 1, address: '15550001000' }],
    ['28000', { ton: 3, npi: 0, address: '28000' }],
    ['Heddle', { ton: 5, npi: 0, address: 'Heddle' }],
  ])('%s leaves by its kind', (number, wire) => {
    expect(openAddresses().source(number)).toEqual(wire)
  })

  test('rules of the carrier go first', () => {
    const addresses = openAddresses({ phone: { ton: 0, npi: 1 }, keepsPlus: true, destination: { ton: 2, npi: 8 } })
    expect(addresses.source('+15550001000')).toEqual({ ton: 0, npi: 1, address: '+15550001000' })
    expect(addresses.destination('+15557770001')).toEqual({ ton: 2, npi: 8, address: '+15557770001' })
  })

  test.each([
    [1, '15557770001', '+15557770001'],
    [0, '+15557770001', '+15557770001'],
    [0, '0015557770001', '+15557770001'],
    [0, '15557770001', '+15557770001'],
    [0, '28000', '28000'],
    [1, '28000', '28000'],
    [1, '+28000', '28000'],
    [2, '07700900123', '+447700900123'],
    [5, 'MyBank', 'MyBank'],
  ])('type %s %s is kept as %s', (ton, written, kept) => {
    expect(openAddresses({ countryPrefix: '+44' }).read(ton, written)).toBe(kept)
  })
})

describe('ids', () => {
  test.each([
    ['hex', '00AbC123', '11256099'],
    ['decimal', '0011256099', '11256099'],
    ['text', '00AbC123', 'abc123'],
    ['exact', '00AbC123', '00AbC123'],
    ['hex', 'not-hex', 'not-hex'],
    ['text', '000', '0'],
  ] as const)('as %s, %s is %s', (form, id, canonical) => {
    expect(canonicalId(id, form)).toBe(canonical)
  })
})

describe('receipts', () => {
  const text = (words: string) => delivered({ esmClass: 4, bytes: Buffer.from(words) })

  test.each([
    ['id:7F stat:DELIVRD err:000', { status: 'delivered', errorCode: null, carrierCode: null }],
    ['id:7F sub:001 STAT: delivrd Err:000', { status: 'delivered', errorCode: null, carrierCode: null }],
    ['id:7F,sub:001,stat:DELIVERED,err:000', { status: 'delivered', errorCode: null, carrierCode: null }],
    ['err: stat:UNDELIVERABLE id:7F text:', { status: 'undelivered', errorCode: 30003, carrierCode: 'UNDELIV' }],
    ['id:7F stat:ENROUTE err:000', { status: 'sent', errorCode: null, carrierCode: null }],
    ['id:7F stat:EXPIRED err:027', { status: 'undelivered', errorCode: 30003, carrierCode: 'EXPIRED err:027' }],
    ['id:7F stat:REJECTD', { status: 'undelivered', errorCode: 30007, carrierCode: 'REJECTD' }],
    ['id:7F stat:UNDELIV err:069', { status: 'undelivered', errorCode: 30005, carrierCode: 'UNDELIV err:069' }],
  ])('%s', (words, told) => {
    expect(isReceipt(text(words))).toBe(true)
    expect(readReceipt(text(words), { '069': 30005 })).toEqual({ messageId: '7F', ...told })
  })

  test('by parameters alone', () => {
    const tlvs = new Map([
      [0x1e, Buffer.from('7F\0')],
      [0x427, Buffer.from([2])],
    ])
    expect(isReceipt(delivered({ tlvs }))).toBe(true)
    expect(readReceipt(delivered({ tlvs }))).toMatchObject({ messageId: '7F', status: 'delivered' })
  })

  test('in UCS-2', () => {
    const receipt = delivered({ esmClass: 4, dataCoding: 8, bytes: encodeUcs2('id:7F stat:DELIVRD') })
    expect(readReceipt(receipt)).toMatchObject({ messageId: '7F', status: 'delivered' })
  })

  test('one that names no text is none, and a text of a person that looks like one is a text', () => {
    expect(readReceipt(text('stat:DELIVRD'))).toBe(null)
    expect(readReceipt(text('id: sub:001 stat:DELIVRD'))).toBe(null)
    expect(isReceipt(delivered({ bytes: Buffer.from('id:7F stat:DELIVRD') }))).toBe(false)
  })
})

test.each([
  [0x00, 'taken'],
  [0x58, 'throttled'],
  [0x14, 'throttled'],
  [0x08, { kind: 'retry', carrierCode: '0x08' }],
  [0x0b, { kind: 'refused', errorCode: 30005, carrierCode: '0x0B' }],
  [0x66, { kind: 'refused', errorCode: 30007 }],
  [0x0424, { kind: 'refused', errorCode: 21610, carrierCode: '0x424' }],
  [0x0555, { kind: 'refused', errorCode: 30008, carrierCode: '0x555' }],
])('status %s is told as %o', (status, told) => {
  const answer = answerOf(status, { '0x424': 21610 })
  if (typeof told === 'string') expect(answer).toBe(told)
  else expect(answer).toMatchObject(told)
})
