import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Seed } from '../../server/domain/seed.ts'
import { openTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { openSmsc, type Smsc } from '../support/smsc.ts'
import { ACCOUNT_SID, AUTH_TOKEN, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`

let database: TestDatabase
let smsc: Smsc
const nodes: TestHouse[] = []

beforeEach(async () => {
  database = await openTestDatabase()
  smsc = await openSmsc()
})

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close()
  await smsc.close()
  await database.close()
})

async function startNode(seed: Seed): Promise<TestHouse> {
  const { connection } = database
  const at = `host=${encodeURIComponent(connection.host)}&port=${connection.port}`
  const url = `postgresql://${connection.user}@/${connection.database}?${at}`
  const node = await openTestHouse(seed, { DATABASE_URL: url })
  nodes.push(node)
  return node
}

test('a text for a carrier that only a newer node has waits for that node', async () => {
  const older = await startNode(seedOf([]))
  const op1 = { name: 'op1', kind: 'smpp' as const, url: `smpp://127.0.0.1:${smsc.port}`, systemId: 'a', password: 'b' }
  const numbers = [{ number: NUMBER, carrier: 'op1' }]
  await startNode({ accounts: [{ sid: ACCOUNT_SID, authToken: AUTH_TOKEN, name: 'Test', carriers: [op1], numbers }] })
  const form = new URLSearchParams({ From: NUMBER, To: '+15557770001', Body: 'Hi' })
  const sent = await older.ask('POST', MESSAGES, form)
  await older.house.settled()
  expect((await older.ask('GET', MESSAGES)).body.messages).toMatchObject([{ error_code: null }])
  expect(sent.status).toBe(201)
  await nodes.shift()?.close()
  await smsc.until(() => smsc.submits.length === 1)
})
