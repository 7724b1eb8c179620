import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPoolHouse, type PoolHouse } from '../../test/support/pool-house.ts'
import { ACCOUNT_SID } from '../../test/support/test-house.ts'

/** Source: Twilio, error 35125. */
const MOST = 500_000
const POOL = 'MG00000000000000000000000000000007'
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString()

let house: PoolHouse
beforeAll(async () => {
  house = await openPoolHouse([{ sid: POOL, name: 'Service', numbers: ['+15550003001'] }])
})
afterAll(() => house.close())

const send = (To: string, more: Record<string, string> = {}) =>
  house.ask('POST', `${MESSAGES}.json`, new URLSearchParams({ MessagingServiceSid: POOL, To, Body: 'x', ...more }))
const schedule = (to: string) => send(to, { ScheduleType: 'fixed', SendAt: IN_AN_HOUR })
const cancel = (sid: string) =>
  house.ask('POST', `${MESSAGES}/${sid}.json`, new URLSearchParams({ Status: 'canceled' }))
const textsTo = async (to: string) =>
  (await house.ask('GET', `${MESSAGES}.json?To=${encodeURIComponent(to)}`)).body.messages

/** Moves with everything that is written. */
const clockOfAccount = async () => (await house.house.core.db.query<{ clock: number }>('select clock from clocks'))[0]

/** Copies a scheduled text so often: half a million requests would take minutes. */
async function repeat(sid: string, times: number): Promise<void> {
  const client = new pg.Client({ ...house.house.core.db.pool.options, statement_timeout: 0 })
  await client.connect()
  // Neither its log nor the lists that nobody asks for here are worth the seconds that they take.
  await client.query('alter table sms set unlogged; drop index sms_by_person, sms_by_number, sms_by_date')
  const { rows } = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns
     where table_name = 'sms' and table_schema = 'public' and is_generated = 'NEVER'`,
  )
  const fresh: Record<string, string> = {
    id: `lpad(to_hex(n), 32, '0')::uuid`,
    version: 'version + n',
    born: 'born + n',
  }
  const names = rows.map(({ name }) => name)
  await client.query(
    `update clocks set clock = clock + ${times} where account_id = (select account_id from sms limit 1)`,
  )
  const { rowCount } = await client.query(
    `insert into sms (${names.join()})
     select ${names.map(name => fresh[name] ?? name).join()}
     from sms cross join generate_series(1, ${times}) as n
     where id = '${sid.slice(2)}'`,
  )
  expect(rowCount).toBe(times)
  await client.query('vacuum analyze sms')
  await client.end()
}

test('no more than 500,000 texts are scheduled at a time; one that is cancelled makes room for one', async () => {
  const first = await schedule('+15557770001')
  expect(first.status).toBe(201)
  await repeat(first.body.sid, MOST - 2)
  const last = await schedule('+15557770002')
  expect([last.status, last.body.status]).toEqual([201, 'scheduled'])

  const clock = await clockOfAccount()
  const refused = await schedule('+15557770003')
  expect([refused.status, refused.body]).toEqual([
    400,
    {
      code: 35125,
      message: 'Too many messages are scheduled on this account.',
      more_info: 'https://www.twilio.com/docs/errors/35125',
      status: 400,
    },
  ])
  expect([await textsTo('+15557770003'), await clockOfAccount()]).toEqual([[], clock])
  // What is not scheduled goes on.
  expect((await send('+15557770003')).status).toBe(201)

  expect((await cancel(last.body.sid)).body.status).toBe('canceled')
  const next = await schedule('+15557770004')
  expect([next.status, next.body.status]).toEqual([201, 'scheduled'])
  expect((await schedule('+15557770005')).body.code).toBe(35125)
})
