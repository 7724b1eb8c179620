import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { insertAccount } from './accounts.ts'
import { Changes } from './changes.ts'
import { type Database, openDatabase } from './db.ts'
import { changeSession, type SessionActivity, sessionsOfPairs } from './sessions.ts'
import { insertCarrierText, seenTexts } from './sms.ts'
import { type AccountTransaction, transact } from './transaction.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'
const NOW = new Date('2026-03-01T12:00:00Z')

let testDatabase: TestDatabase
let here: Database
let there: Database
let accountId: string

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  here = testDatabase.database
  there = openDatabase(testDatabase.connection)
})

afterAll(async () => {
  await there.close()
  await testDatabase.close()
})

beforeEach(async () => {
  accountId = randomUUID()
  const authToken = Buffer.from('sealed')
  await insertAccount(here, { accountId, parentId: null, name: 'Test', authToken, settings: {}, now: NOW })
})

/** Makes the pair's session a minute longer, or begins it; answers how long it was found to be. */
function prolong(node: Database, meanwhile: (tx: AccountTransaction) => Promise<unknown> = async () => {}) {
  return transact(node, accountId, async tx => {
    const [found] = await tx.lookUp<SessionActivity>(sessionsOfPairs, [{ person: PERSON, number: NUMBER }])
    await meanwhile(tx)
    const activeAt = new Date((found?.activeAt ?? NOW).getTime() + 60_000)
    const changes = new Changes()
    changes.add(changeSession, { person: PERSON, number: NUMBER, startedAt: NOW, activeAt })
    return { result: (activeAt.getTime() - NOW.getTime()) / 60_000, changes, clock: tx.clock + 1 }
  }).then(({ result }) => result)
}

test('two nodes that write an account in turns see what the other wrote', async () => {
  const minutes: number[] = []
  for (const node of [here, here, there, here, there, there, here]) minutes.push(await prolong(node))
  expect(minutes).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('acts of several nodes that race lose nothing', async () => {
  const minutes = await Promise.all(Array.from({ length: 40 }, (_, at) => prolong(at % 2 === 0 ? here : there)))
  expect(minutes.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1))
})

test('an act whose account another node writes meanwhile runs again', async () => {
  await prolong(here)
  let runs = 0
  const minutes = await prolong(here, async () => {
    runs += 1
    if (runs === 1) await prolong(there)
  })
  expect([minutes, runs]).toEqual([3, 2])
})

test('the clock of an account never repeats a value', async () => {
  const clocks = await Promise.all(
    Array.from({ length: 20 }, (_, at) => {
      const seen: number[] = []
      return prolong(at % 2 === 0 ? here : there, async tx => seen.push(tx.clock)).then(() => seen.at(-1))
    }),
  )
  expect(new Set(clocks).size).toBe(20)
})

test('an act that throws leaves the account as it was', async () => {
  await prolong(here)
  const failing = prolong(here, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(await prolong(here)).toBe(2)
})

test('a row that was taken to be absent is found when it is there', async () => {
  const text = { carrier: 'simulator', carrierMessageId: 'a text', smsId: randomUUID() }
  const receive = (node: Database) =>
    transact(node, accountId, async tx => {
      const [seen] = await tx.lookUp(seenTexts, [text])
      const changes = new Changes()
      if (!seen) changes.add(insertCarrierText, { ...text, direction: 'in' })
      return { result: seen !== undefined, changes, clock: seen ? tx.clock : tx.clock + 1 }
    }).then(({ result }) => result)
  expect([await receive(here), await receive(here), await receive(there), await receive(there)]).toEqual([
    false,
    true,
    true,
    true,
  ])
})
