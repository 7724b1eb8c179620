import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { carrierMemory } from './carrier-memory.ts'

const FIRST = new Date('2026-01-01T12:00:00Z')
const LATER = new Date('2026-01-01T13:00:00Z')
const EVER = new Date(0)

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('doubts are remembered until they are over, or old', async () => {
  const memory = carrierMemory(database.database, randomUUID(), randomUUID())
  await memory.doubt(['over', 'old'], FIRST)
  await memory.doubt(['young'], LATER)
  await memory.trust(['over'])
  expect(await memory.doubtful(EVER)).toEqual(expect.arrayContaining(['old', 'young']))
  await memory.forget(LATER)
  expect(await memory.doubtful(EVER)).toEqual(['young'])
})

test('parts are remembered while their text waits, and then until they are old', async () => {
  const memory = carrierMemory(database.database, randomUUID(), randomUUID())
  const part = {
    part: 1,
    total: 2,
    generation: 0,
    person: '+15557770001',
    number: '+15550001000',
    dataCoding: 0,
    bytes: Buffer.from('a'),
    arrivedAt: FIRST,
    doneAt: null,
  }
  for (const key of ['waits', 'done']) expect(await memory.keepPart({ ...part, key, name: key })).toBe(true)
  expect(await memory.keepPart({ ...part, key: 'done', name: 'another' })).toBe(false)
  await memory.finishParts('done', 0, FIRST)
  await memory.forget(FIRST)
  expect(await memory.partsOf('done')).toHaveLength(1)
  await memory.forget(LATER)
  expect(await memory.partsOf('done')).toEqual([])
  expect(await memory.waitingTexts()).toMatchObject([{ key: 'waits' }])
})
