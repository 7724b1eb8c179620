import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../../test/support/test-house.ts'

const NUMBER = '+15550001000'
/** In Honolulu, whose clocks never change: ten hours behind. */
const PERSON = '+18085550001'
const BEHIND_MS = 10 * 3_600_000
const MESSAGES = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages`

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
})
afterAll(() => house.close())

async function send(body: string): Promise<string> {
  const form = new URLSearchParams({ From: NUMBER, To: PERSON, Body: body })
  return (await house.ask('POST', `${MESSAGES}.json`, form)).body.sid
}

test('quiet hours that have just ended let no text overtake those that they held', async () => {
  const { db, clock } = house.house.core
  const now = clock.world()
  const at = (hours: number) => new Date(now.getTime() - BEHIND_MS + hours * 3_600_000).toISOString().slice(11, 16)
  await house.ask('PATCH', '/v1/delivery', { quietHours: { from: at(5), to: at(6) } })
  const sid = await send('held')
  const status = async () => (await house.ask('GET', `${MESSAGES}/${sid}.json`)).body.status
  await expect.poll(status).toBe('delivered')
  // As it is when its time has come and nobody has looked yet.
  await db.query(
    `with moved as (update clocks set clock = clock + 1)
     update sms set status = 'scheduled', next_attempt_at = $2 where id = $1`,
    [sid.slice(2), now],
  )
  await send('later')
  const received = async () => (await house.phone(PERSON)).map(text => text.body)
  await expect.poll(received).toEqual(['held', 'held', 'later'])
})
