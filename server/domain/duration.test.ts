import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('a duration', () => {
  test.each([
    ['PT1M', MINUTE],
    ['PT10M', 10 * MINUTE],
    ['PT4H', 4 * HOUR],
    ['PT72H', 72 * HOUR],
    ['P1DT2H', DAY + 2 * HOUR],
    ['P30D', 30 * DAY],
    ['P2W', 14 * DAY],
    ['P1W2DT3H4M5S', 9 * DAY + 3 * HOUR + 4 * MINUTE + 5_000],
    ['PT0S', 0],
    ['P0D', 0],
    ['PT1.5S', 1_500],
    ['PT1,25S', 1_250],
    ['PT0.001S', 1],
    ['PT1.0005S', 1_001],
    ['PT0.5H', 30 * MINUTE],
    ['P1.5D', 36 * HOUR],
    ['PT90M', 90 * MINUTE],
    ['PT000001S', 1_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each([
    '',
    'P',
    'PT',
    'P1DT',
    'T1H',
    '1H',
    'P1H',
    'PT1D',
    'P1Y',
    'P1M',
    'P1Y2M',
    '-PT1H',
    'PT-1H',
    'PT+1H',
    'pt1h',
    'PT1.5H30M',
    'P1.5DT1H',
    'PT1S1M',
    'PT1H1H',
    'PT.5S',
    'PT1.S',
    'PT1e3S',
    ' PT1H',
    'PT1H\n',
    'PT1H ',
    '60',
    'P365244D',
    `PT${'9'.repeat(400)}S`,
  ])('%j is none', text => {
    expect(parseDuration(text)).toBeNull()
  })

  test.each([
    [0, 'PT0S'],
    [1, 'PT0.001S'],
    [MINUTE, 'PT1M'],
    [4 * HOUR, 'PT4H'],
    [72 * HOUR, 'P3D'],
    [DAY + 2 * HOUR, 'P1DT2H'],
    [DAY + 61_500, 'P1DT1M1.5S'],
  ])('of %d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test('comes back as it was written', () => {
    fc.assert(
      fc.property(
        fc.nat(10 ** 15),
        ms => parseDuration(formatDuration(Math.min(ms, 365_243 * DAY))) === Math.min(ms, 365_243 * DAY),
      ),
    )
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('of %d ms can not be written', ms => {
    expect(() => formatDuration(ms)).toThrow(RangeError)
  })
})
