import { describe, expect, test } from 'vitest'
import { closesAt, inactiveAt, nextTimer, type TimerFacts } from './thread-timers.ts'

const activeAt = new Date('2030-01-01T12:00:00Z')
const minutes = (count: number) => new Date(activeAt.getTime() + count * 60_000)

function facts(changes: Partial<TimerFacts>): TimerFacts {
  return { state: 'active', activeAt, inactiveAfterMs: null, closesAfterMs: null, expiresAt: null, ...changes }
}

describe('when somebody must look at a thread', () => {
  test('never, without timers', () => {
    expect(nextTimer(facts({}))).toBeNull()
  })

  test('both timers run from the last activity: closing does not wait for inactivity', () => {
    const both = facts({ inactiveAfterMs: 60_000, closesAfterMs: 600_000 })
    expect([inactiveAt(both), closesAt(both), nextTimer(both)]).toEqual([minutes(1), minutes(10), minutes(1)])
  })

  test('an inactive thread waits only for its closing', () => {
    expect(nextTimer(facts({ state: 'inactive', inactiveAfterMs: 60_000, closesAfterMs: 600_000 }))).toEqual(
      minutes(10),
    )
    expect(nextTimer(facts({ state: 'inactive', inactiveAfterMs: 60_000 }))).toBeNull()
  })

  test('a thread that waits to begin does not fall inactive', () => {
    const waiting = facts({ state: 'initializing', inactiveAfterMs: 60_000, closesAfterMs: 600_000 })
    expect([inactiveAt(waiting), nextTimer(waiting)]).toEqual([null, minutes(10)])
  })

  test('a date on which it expires counts when it comes first', () => {
    expect(closesAt(facts({ closesAfterMs: 600_000, expiresAt: minutes(5) }))).toEqual(minutes(5))
    expect(closesAt(facts({ closesAfterMs: 600_000, expiresAt: minutes(15) }))).toEqual(minutes(10))
    expect(closesAt(facts({ expiresAt: minutes(5) }))).toEqual(minutes(5))
  })

  test('a closed thread waits for nothing', () => {
    const closed = facts({ state: 'closed', inactiveAfterMs: 60_000, closesAfterMs: 600_000, expiresAt: minutes(5) })
    expect([inactiveAt(closed), closesAt(closed), nextTimer(closed)]).toEqual([null, null, null])
  })
})
