import { expect, test } from 'vitest'
import { DatabaseAway, isAway } from './database-away.ts'

const withCode = (code: string) => Object.assign(new Error('said by the server'), { code })

test.each([
  ['08006', 'a broken connection'],
  ['53300', 'too many connections'],
  ['57P01', 'a shutdown'],
  ['57014', 'a statement that took too long'],
  ['25006', 'a server that only reads'],
  ['40P01', 'a deadlock'],
  ['55P03', 'a lock that could not be had'],
  ['58030', 'a disk that fails'],
  ['ECONNREFUSED', 'nobody listening'],
])('%s, %s, says that the server cannot be had now', code => {
  expect(isAway(withCode(code))).toBe(true)
})

test.each(['22P02', '23505', '42601', 'P0001', ''])('%s says nothing of the kind', code => {
  expect(isAway(withCode(code))).toBe(false)
})

test('what was found to be away stays so', () => {
  expect(isAway(new DatabaseAway(withCode('23505')))).toBe(true)
  expect(isAway('away')).toBe(false)
})
