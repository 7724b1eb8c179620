import { expect, test } from 'vitest'
import { DatabaseAway } from '../kit/database-away.ts'
import { AccountTurns } from './account-turns.ts'

const away = (code: string) => new DatabaseAway(Object.assign(new Error(code), { code }))

/** One act of `failing` fails with the error; of those that waited behind it, who did not run. */
async function failedWith(error: Error, waiting: string[]): Promise<string[]> {
  const turns = new AccountTurns({ maxRunning: 1 })
  const first = turns.take('failing', () => Promise.reject(error)).catch(() => {})
  const ran = waiting.map(account => turns.take(account, async () => 'ran').catch(() => 'failed'))
  await first
  const came = await Promise.all(ran)
  expect(await turns.take('failing', async () => 'later')).toBe('later')
  return waiting.filter((_, at) => came[at] === 'failed')
}

test.each([
  ['a server that is gone fails all who waited', away('57P01'), ['failing', 'other']],
  ['a statement that took too long fails those of its account', away('57014'), ['failing']],
  ['a deadlock fails those of its account', away('40P01'), ['failing']],
  ['bad data fails nobody else', new Error('bad'), []],
])('%s', async (_, error, failed) => {
  expect(await failedWith(error, ['failing', 'other'])).toEqual(failed)
})
