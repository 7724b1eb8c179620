import { describe, expect, test } from 'vitest'
import { isOnCalendar, laterBy } from './calendar.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const NOW = new Date('2026-02-17T17:12:39.676Z')

describe('the calendar', () => {
  test.each(['0001-01-01T00:00:00.000Z', '2026-02-17T17:12:39.676Z', '9999-12-31T23:59:59.999Z'])('has %s', text => {
    expect(isOnCalendar(new Date(text))).toBe(true)
  })

  test.each(['0000-12-31T23:59:59.999Z', '-000001-01-01T00:00:00.000Z', '+010000-01-01T00:00:00.000Z', 'never'])(
    'has no %s',
    text => {
      expect(isOnCalendar(new Date(text))).toBe(false)
    },
  )

  test('has an end and a beginning, which no length of time goes past', () => {
    expect(laterBy(NOW, DAY_MS)).toEqual(new Date('2026-02-18T17:12:39.676Z'))
    expect(laterBy(NOW, 3_652_425 * DAY_MS)).toEqual(new Date('9999-12-31T23:59:59.999Z'))
    expect(laterBy(NOW, -3_652_425 * DAY_MS)).toEqual(new Date('0001-01-01T00:00:00.000Z'))
  })
})
