import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HeddleProcess, newHeddleProcess } from '../../test/support/heddle-process.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { AUTHORIZATION } from '../../test/support/texting-phones.ts'
import { DEMO_SEED } from '../domain/seed.ts'

let database: TestDatabase
const heddles: HeddleProcess[] = []

beforeEach(async () => {
  database = await openTestDatabase()
})
afterEach(async () => {
  for (const heddle of heddles.splice(0)) await heddle.remove()
  await database.close()
})

/** A Heddle on the empty database that is told of no seed file. */
async function newHeddle(): Promise<HeddleProcess> {
  const { user, host, port, database: name } = database.connection
  const heddle = await newHeddleProcess(DEMO_SEED, {
    HEDDLE_SEED: '',
    HEDDLE_SIMULATOR: '1',
    HEDDLE_SECRET_KEY: 'a key for tests',
    DATABASE_URL: `postgresql://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`,
  })
  heddles.push(heddle)
  return heddle
}

/** Runs it while nothing can be written to a table; an act that would is waiting then. */
async function whileHeld(table: string, run: () => Promise<void>): Promise<void> {
  const client = new pg.Client(database.connection)
  await client.connect()
  await client.query(`begin; lock table ${table} in exclusive mode`)
  await run()
  await client.end()
}

async function isWaiting(): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and not l.granted and l.locktype = 'relation'`,
  )
  return (rowCount ?? 0) > 0
}

/** What of the demo an owner finds. */
async function demoOf({ url }: HeddleProcess): Promise<unknown> {
  const get = async (path: string) =>
    (await fetch(url + path, { headers: { authorization: AUTHORIZATION } })).json() as Promise<{ records: unknown[] }>
  const signIns = DEMO_SEED.accounts[0]?.users?.map(async ({ identity, password = '' }) => {
    const body = new URLSearchParams({ grant_type: 'password', username: identity, password })
    const authorization = `Basic ${Buffer.from('demo:demo').toString('base64')}`
    return (await fetch(`${url}/restapi/oauth/token`, { method: 'POST', headers: { authorization }, body })).status
  })
  return {
    numbers: (await get('/v1/numbers')).records.length,
    pools: (await get('/v1/pools')).records,
    signIns: await Promise.all(signIns ?? []),
  }
}

const WHOLE = { numbers: 8, pools: [{ name: 'Threads', numbers: 5 }], signIns: [200, 200] }

test('a first start that is killed while it makes the demo is completed by the next one', async () => {
  const heddle = await newHeddle()
  await whileHeld('pools', async () => {
    heddle.launch()
    while (!(await isWaiting())) await pause(10)
    await heddle.end('SIGKILL')
  })
  await heddle.start()
  expect(await demoOf(heddle)).toMatchObject(WHOLE)
  await expect.poll(() => heddle.log.join('')).toContain('Account Demo')
})

test('nodes that start at once on an empty database make one demo', async () => {
  const nodes = await Promise.all([newHeddle(), newHeddle()])
  await Promise.all(nodes.map(node => node.start()))
  for (const node of nodes) expect(await demoOf(node)).toMatchObject(WHOLE)
})
