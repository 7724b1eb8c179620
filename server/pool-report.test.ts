import { expect, test } from 'vitest'
import { capacityOf } from './domain/pool-capacity.ts'
import { poolReport } from './pool-report.ts'

const figures = {
  pool: 'Threads',
  numbers: 5,
  openThreads: 7,
  mostNow: 3,
  pricePerNumber: 1.15,
  days: [
    { day: '2026-01-01', opened: 4, closed: 0, refusals: 0, waits: 0, mostAtOnce: 4, mostWanted: 0 },
    { day: '2026-01-02', opened: 9, closed: 6, refusals: 1, waits: 0, mostAtOnce: 5, mostWanted: 6 },
  ],
}

test('a pool that refused somebody needs as many numbers as were wanted', () => {
  const capacity = capacityOf(figures)
  expect(capacity).toMatchObject({ mostAtOnce: 5, refusals: 1, numbersNeeded: 6, costPerMonth: 5.75, costNeeded: 6.9 })
  expect(capacity.days.map(day => day.numbersNeeded)).toEqual([4, 6])
})

test('a pool without days needs what is held now', () => {
  expect(capacityOf({ ...figures, days: [] })).toMatchObject({ mostAtOnce: 3, numbersNeeded: 3, refusals: 0 })
})

test('the report says how many are in use and how many are wanted', () => {
  const report = poolReport(capacityOf(figures))
  expect(report).toContain('Threads: 5 numbers, 5.75 a month')
  expect(report).toMatch(/in use with one person at most +5\n/)
  expect(report).toMatch(/wanted with one person at most +6 {2}\(1 more than there are\)/)
  expect(report).toMatch(/2026-01-02 +9 +6 +1 +0 +5 +6/)
})
