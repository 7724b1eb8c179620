import { expect, test } from 'vitest'
import { openLog } from './log.ts'
import { openFailureLog } from './log-failures.ts'

test('the same failure is written once a second, with how many were left out', () => {
  const lines: { msg: string; err: { message: string }; route?: string; leftOut?: number }[] = []
  let nowMs = 0
  const log = openLog({ level: 'info', destination: { write: line => lines.push(JSON.parse(line)) } })
  const failed = openFailureLog(log, () => nowMs)
  for (let each = 0; each < 500; each++) failed(new Error('the disk is full'), 'request failed', { route: '/v1/calls' })
  failed(new Error('a bug'), 'request failed')
  failed(new Error('the disk is full'), 'something failed')
  nowMs = 1000
  failed(new Error('the disk is full'), 'request failed')
  expect(lines.map(({ msg, err, route, leftOut }) => [msg, err.message, route, leftOut])).toEqual([
    ['request failed', 'the disk is full', '/v1/calls', undefined],
    ['request failed', 'a bug', undefined, undefined],
    ['something failed', 'the disk is full', undefined, undefined],
    ['request failed', 'the disk is full', undefined, 499],
  ])
})
