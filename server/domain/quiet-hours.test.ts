import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quietUntil } from './quiet-hours.ts'
import { minutesOfDay, timeZonesOf } from './time-zones.ts'

const NIGHT = { from: '21:00', to: '08:00' }
const zone = fc.constantFrom(
  ...['+12125550001', '+15557770001', '+447700900123', '+74950000000', '+61290000000'].flatMap(timeZonesOf),
)
const time = fc.record({ hour: fc.nat(23), minute: fc.nat(59) }).map(({ hour, minute }) => {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
})

function until(number: string, at: string, quiet = NIGHT): string | null {
  return quietUntil(timeZonesOf(number), quiet, new Date(at))?.toISOString() ?? null
}

describe('quiet hours', () => {
  test.each([
    ['New York in the evening', '+12125550001', '2026-06-01T02:30:00Z', '2026-06-01T12:00:00.000Z'],
    ['New York by day', '+12125550001', '2026-06-01T15:00:00Z', null],
    ['Los Angeles after nine in New York', '+13105550001', '2026-06-01T02:30:00Z', null],
    ['Phoenix, whose clocks stay', '+16025550001', '2026-01-10T05:00:00Z', '2026-01-10T15:00:00.000Z'],
    ['London', '+447700900123', '2026-01-10T05:00:00Z', '2026-01-10T08:00:00.000Z'],
    ['Indiana of two zones: the later one', '+18125550001', '2026-06-01T10:00:00Z', '2026-06-01T13:00:00.000Z'],
    ['the night when clocks go forward', '+12125550001', '2026-03-08T04:00:00Z', '2026-03-08T12:00:00.000Z'],
    ['the night when clocks go back', '+12125550001', '2026-11-01T04:00:00Z', '2026-11-01T13:00:00.000Z'],
    ['a number of no country', '+883510001234', '2026-06-01T02:30:00Z', null],
  ])('%s', (_, number, at, end) => {
    expect(until(number, at)).toBe(end)
  })

  test('hold where the number tells only the country as long as it is quiet in any of its zones', () => {
    // Nine in the evening in New York, and eight in the morning in Honolulu.
    expect(until('+15557770001', '2026-06-01T01:30:00Z')).toBe('2026-06-01T18:00:00.000Z')
    expect(until('+15557770001', '2026-06-01T18:30:00Z')).toBeNull()
  })

  test('that leave no hour for all zones go by the first', () => {
    const zones = ['Europe/London', 'Pacific/Auckland']
    const end = quietUntil(zones, { from: '18:00', to: '09:00' }, new Date('2026-01-10T20:00:00Z'))
    expect(end?.toISOString()).toBe('2026-01-11T09:00:00.000Z')
  })

  test('are over when they say, and hold at every moment before', () => {
    const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(zone, time, time, at, (zone, from, to, now) => {
        const end = quietUntil([zone], { from, to }, now)
        if (end === null) return
        expect(end.getTime()).toBeGreaterThan(now.getTime())
        // A whole day more where the only hour that is not quiet is the one that a spring night leaves out.
        expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(50 * 3_600_000)
        expect(quietUntil([zone], { from, to }, end)).toBeNull()
        const between = new Date((now.getTime() + end.getTime()) / 2)
        expect(quietUntil([zone], { from, to }, between)).not.toBeNull()
      }),
      { numRuns: 500 },
    )
  })
})

test('an hour that the clocks leave out ends no quiet hours', () => {
  const end = quietUntil(['America/New_York'], { from: '03:00', to: '02:00' }, new Date('2026-03-07T08:00:00Z'))
  expect(end?.toISOString()).toBe('2026-03-09T06:00:00.000Z')
})

describe('time zones', () => {
  test('of all numbers are known to the clock', () => {
    for (let area = 200; area < 1000; area++) {
      for (const zone of timeZonesOf(`+1${area}5550001`)) expect(minutesOfDay(zone, new Date(0))).toBeLessThan(1440)
    }
    for (const number of ['+33', '+49', '+55', '+7', '+86', '+91', '+81', '+27', '+380', '+52', '+64']) {
      const zones = timeZonesOf(`${number}0000000`)
      expect(zones.length).toBeGreaterThan(0)
      for (const zone of zones) expect(minutesOfDay(zone, new Date(0))).toBeLessThan(1440)
    }
  })
})
