import { expect, test } from 'vitest'
import { overdue, type Signs } from './limits.ts'

const HOUR_MS = 3_600_000
const signs = (change: Partial<Signs> = {}): Signs => ({ openedMs: 0, framedMs: 0, hasPonged: true, ...change })

test.each<[string, Signs, number, ReturnType<typeof overdue>]>([
  ['one that spoke just now stays', signs(), 1000, null],
  ['one that did not answer a ping is lost', signs({ hasPonged: false }), 1000, 'lost'],
  ['one that says nothing for half an hour is idle, answer as it may', signs(), HOUR_MS / 2, 'idle'],
  ['one that spoke since is not', signs({ framedMs: 1 }), HOUR_MS / 2, null],
  ['one is too old after a day', signs({ framedMs: 24 * HOUR_MS - 1 }), 24 * HOUR_MS, 'too_old'],
])('%s', (_, seen, nowMs, expected) => {
  expect(overdue(seen, nowMs)).toBe(expected)
})
