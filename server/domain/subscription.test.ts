import { expect, test } from 'vitest'
import { type EventFilter, isReminderDue, nextTimerOf, type Subscription } from './subscription.ts'

const EXPIRES = new Date('2026-03-01T12:00:00Z')
const before = (seconds: number) => new Date(EXPIRES.getTime() - seconds * 1000)

function reminder(thresholdSeconds: number, intervalSeconds: number | null): EventFilter {
  return { topic: 'expiry', text: '', direction: null, thresholdSeconds, intervalSeconds, lacks: null }
}

function subscription(filters: EventFilter[], timerAt: Date | null = null): Subscription {
  return { filters, expiresAt: EXPIRES, timerAt } as Subscription
}

test.each<[string, EventFilter[], number, number]>([
  ['without reminders it is its end', [], 1000, 0],
  ['it is the threshold as long as that is to come', [reminder(60, 20)], 1000, 60],
  ['at the threshold it is an interval later', [reminder(60, 20)], 60, 40],
  ['between two it is the next', [reminder(60, 20)], 50, 40],
  ['after the last interval it is the end', [reminder(60, 20)], 20, 0],
  ['without an interval there is one reminder only', [reminder(60, null)], 50, 0],
  ['of several it is the first', [reminder(60, null), reminder(90, null)], 1000, 90],
  ['a filter without its permission reminds of nothing', [{ ...reminder(60, 20), lacks: 'SMS' }], 1000, 0],
])('the next timer: %s', (_, filters, nowBefore, nextBefore) => {
  expect(nextTimerOf({ filters, expiresAt: EXPIRES }, before(nowBefore))).toEqual(before(nextBefore))
})

test('only the filters whose time it is remind', () => {
  const [early, late] = [reminder(90, null), reminder(60, null)]
  const due = subscription([early, late], before(90))
  expect(isReminderDue(early, due, before(89))).toBe(true)
  expect(isReminderDue(late, due, before(89))).toBe(false)
  expect(isReminderDue(late, subscription([early, late], before(60)), before(60))).toBe(true)
  expect(isReminderDue(early, subscription([early, late], before(60)), before(60))).toBe(false)
})
