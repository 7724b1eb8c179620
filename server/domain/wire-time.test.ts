import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatIsoMilliseconds, formatIsoSeconds, formatRfc2822, isDay, parseWireTime } from './wire-time.ts'

const MOMENT = new Date(Date.UTC(2023, 7, 24, 5, 1, 45, 678))
const SECOND = new Date(Date.UTC(2023, 7, 24, 5, 1, 45))
const DAY = new Date(Date.UTC(2023, 7, 24))

describe('a date is written', () => {
  test('as RFC 2822 in GMT', () => {
    expect(formatRfc2822(MOMENT)).toBe('Thu, 24 Aug 2023 05:01:45 +0000')
    expect(formatRfc2822(new Date(Date.UTC(2024, 0, 2)))).toBe('Tue, 02 Jan 2024 00:00:00 +0000')
  })

  test('as ISO 8601 in whole seconds, cut and not rounded', () => {
    expect(formatIsoSeconds(new Date(Date.UTC(2015, 11, 16, 22, 18, 37, 999)))).toBe('2015-12-16T22:18:37Z')
  })

  test('as ISO 8601 with milliseconds', () => {
    expect(formatIsoMilliseconds(MOMENT)).toBe('2023-08-24T05:01:45.678Z')
    expect(formatIsoMilliseconds(SECOND)).toBe('2023-08-24T05:01:45.000Z')
  })
})

describe('a date is read', () => {
  test.each([
    '2023-08-24T05:01:45Z',
    '2023-08-24T05:01:45.000Z',
    '2023-08-24T05:01:45',
    '2023-08-24 05:01:45',
    '2023-08-24t05:01:45z',
    '2023-08-24T07:01:45+02:00',
    '2023-08-24T07:01:45+0200',
    '2023-08-24T07:01:45+02',
    '2023-08-24T07:01:45 02:00',
    '2023-08-23T23:31:45-05:30',
    'Thu, 24 Aug 2023 05:01:45 +0000',
    'Thu, 24 Aug 2023 05:01:45 GMT',
    '24 Aug 2023 07:01:45 +0200',
    'thu, 24 aug 2023 00:01:45 -0500',
    ' 2023-08-24T05:01:45Z ',
  ])('from %j', text => {
    expect(parseWireTime(text)).toEqual(SECOND)
  })

  test('to the millisecond, and what is finer is cut off', () => {
    expect(parseWireTime('2023-08-24T05:01:45.678Z')).toEqual(MOMENT)
    expect(parseWireTime('2023-08-24T05:01:45.6789999Z')).toEqual(MOMENT)
    expect(parseWireTime('2023-08-24T05:01:45.5Z')).toEqual(new Date(SECOND.getTime() + 500))
  })

  test('without seconds, and as a day alone, which is its midnight', () => {
    expect(parseWireTime('2023-08-24T00:00Z')).toEqual(DAY)
    expect(parseWireTime('2023-08-24')).toEqual(DAY)
    expect(parseWireTime('2024-02-29')).toEqual(new Date(Date.UTC(2024, 1, 29)))
    expect(parseWireTime('0001-01-01')?.toISOString()).toBe('0001-01-01T00:00:00.000Z')
  })

  test.each([
    '',
    'tomorrow',
    '2023',
    '2023-08',
    '2023-8-24',
    '20230824',
    '2023-02-29',
    '2023-02-30T00:00:00Z',
    '2023-13-01',
    '2023-00-10',
    '2023-08-00',
    '2023-08-24T24:00:00Z',
    '2023-08-24T05:60:00Z',
    '2023-08-24T05:01:60Z',
    '2023-08-24T05:01:45+99:00',
    '2023-08-24T05Z',
    '9999-12-31T23:59:59-12:00',
    '0000-12-31',
    '0001-01-01T00:00:00+12:00',
    '2023-08-24T05:01:45.Z',
    '2023-08-24T05:01:45ZZ',
    '1692853305',
    'Thu, 31 Jun 2023 05:01:45 +0000',
    'Thu, 24 August 2023 05:01:45 +0000',
    'Thu, 24 Aug 2023 05:01:45',
  ])('but not from %j', text => {
    expect(parseWireTime(text)).toBeNull()
  })

  test('back as it was written, in every form', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, date => {
        const second = new Date(Math.floor(date.getTime() / 1000) * 1000)
        expect(parseWireTime(formatIsoMilliseconds(date))).toEqual(date)
        expect(parseWireTime(formatIsoSeconds(date))).toEqual(second)
        expect(parseWireTime(formatRfc2822(date))).toEqual(second)
      }),
    )
  })

  test('as a whole day only when no time of day is given', () => {
    expect(isDay('2023-08-24')).toBe(true)
    expect(isDay('2023-08-24T00:00:00Z')).toBe(false)
  })
})
