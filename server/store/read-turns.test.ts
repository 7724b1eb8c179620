import { expect, test } from 'vitest'
import { openTestDatabase } from '../../test/support/postgres.ts'
import { DatabaseAway } from '../kit/database-away.ts'
import { openReadTurns, readInTurn } from './read-turns.ts'

const away = (code: string) => new DatabaseAway(Object.assign(new Error(code), { code }))

test.each([
  ['a server that is gone fails all reads that waited', away('57P01'), 'failed'],
  ['a read that took too long fails alone', away('57014'), 'ran'],
  ['a bad read fails alone', new Error('bad'), 'ran'],
])('%s', async (_, error, became) => {
  const turn = openReadTurns({ maxRunning: 1 })
  const first = turn(() => Promise.reject(error)).catch(() => 'failed')
  const waited = turn(async () => 'ran').catch(() => 'failed')
  expect([await first, await waited]).toEqual(['failed', became])
  expect(await turn(async () => 'later')).toBe('later')
})

test('requests wait for those before them longer than a connection may take, and work for none of them', async () => {
  const { database, close } = await openTestDatabase()
  const asked = readInTurn(database)
  const began = performance.now()
  const reads = Array.from({ length: 32 }, () => asked.query<{ one: number }>('select 1 as one from pg_sleep(1)'))
  let answered = 0
  for (const read of reads) void read.then(() => answered++)
  await database.query('select 1')
  expect(answered).toBe(0)
  expect((await Promise.all(reads)).flat()).toHaveLength(32)
  expect(performance.now() - began).toBeGreaterThan(3500)
  await close()
})
