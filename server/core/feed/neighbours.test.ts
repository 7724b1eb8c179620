import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { type Database, openDatabase } from '../../store/db.ts'
import { openNeighbours } from './neighbours.ts'

let database: TestDatabase
const databases: Database[] = []

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  for (const each of databases) await each.close()
  await database.close()
})

function neighbour(moved: [string, number][]) {
  const db = openDatabase(database.connection)
  databases.push(db)
  const onMoved = (accountId: string, clock: number) => moved.push([accountId, clock])
  return openNeighbours(db, {
    onMoved,
    onError: error => {
      throw error
    },
  })
}

test('what moves on one node is heard on the others, many moves as one', async () => {
  const heard: [string, number][] = []
  const [one, other] = [neighbour([]), neighbour(heard)]
  await one.set({ areThere: true, isListening: false })
  await other.set({ areThere: true, isListening: true })
  for (let clock = 1; clock <= 50; clock++) one.tell('first', clock)
  one.tell('second', 7)
  await expect
    .poll(() => heard)
    .toEqual([
      ['first', 50],
      ['second', 7],
    ])
  await other.set({ areThere: true, isListening: false })
})

test('a node alone tells nobody', async () => {
  const heard: [string, number][] = []
  const [one, other] = [neighbour([]), neighbour(heard)]
  await other.set({ areThere: true, isListening: true })
  await one.set({ areThere: false, isListening: false })
  one.tell('alone', 1)
  await one.set({ areThere: true, isListening: false })
  one.tell('together', 2)
  await expect.poll(() => heard).toEqual([['together', 2]])
  await other.set({ areThere: false, isListening: false })
})
