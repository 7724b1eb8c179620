import { expect, test } from 'vitest'
import type { AccountTransaction } from '../store/transaction.ts'
import { SettingsCache } from './settings-cache.ts'

test('the senders that a program asks for and no account has are not kept without end', async () => {
  const cache = new SettingsCache()
  const read: string[] = []
  const tx: AccountTransaction = {
    clock: 0,
    configVersion: 1,
    load: async (_sql, [, numbers]) => {
      read.push(...JSON.parse(String(numbers)))
      return []
    },
    lookUp: async () => [],
  }
  const ask = (number: string) => cache.numberRoutes('a', tx, [number])

  await ask('+15550000000')
  await ask('+15550000000')
  expect(read).toEqual(['+15550000000'])
  for (let at = 1; at <= 50_000; at++) await ask(`+1555${at}`)
  await ask('+15550000000')
  expect(read.filter(number => number === '+15550000000')).toHaveLength(2)
})
