import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRecordingApp, type RecordingApp } from '../../test/support/recording-app.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../../test/support/test-house.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'

let house: TestHouse
let app: RecordingApp
beforeAll(async () => {
  app = await openRecordingApp(() => 0)
  house = await openTestHouse(seedOf([{ number: NUMBER, smsUrl: app.url }]))
  // A database that refuses, for a reason of its own, to keep what came of a text or of a call.
  await house.house.core.db.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`,
  )
  await house.house.core.db.query(
    `create trigger refuse_sent before update on sms for each row
     when (new.status in ('sent', 'delivered')) execute function refuse()`,
  )
  await house.house.core.db.query(
    `create trigger refuse_finished before update on calls for each row
     when (new.finished_at is not null and new.error_code is null) execute function refuse()`,
  )
})
afterAll(async () => {
  await house.close()
  await app.stop()
})

test('a text whose outcome cannot be kept is unknown, and not for ever under way', async () => {
  const sent = await house.ask(
    'POST',
    `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`,
    new URLSearchParams({ From: NUMBER, To: PERSON, Body: 'Hello' }),
  )
  expect(sent.status).toBe(201)
  await expect.poll(async () => (await house.ask('GET', `/v1/texts/${sent.body.sid}`)).body.status).toBe('unknown')
})

test('a call whose outcome cannot be kept is told as failed, and not made again and again', async () => {
  await house.text(PERSON, NUMBER, 'Hello')
  const calls = async () => (await house.ask('GET', '/v1/calls?kind=inbound')).body.records
  await expect.poll(calls).toMatchObject([{ state: 'failed', errorCode: 20500 }])
  await house.advance('PT10M')
  expect(app.requests).toHaveLength(1)
})

test('a hook whose answer cannot be kept counts as unanswered, and what it was asked about goes on', async () => {
  const form = (fields: Record<string, string>) => new URLSearchParams(fields)
  const before = app.requests.length
  await house.ask(
    'POST',
    '/conversations/v1/Configuration/Webhooks',
    form({ Method: 'POST', Filters: 'onMessageAdd', PreWebhookUrl: app.url }),
  )
  const { sid } = (await house.ask('POST', '/conversations/v1/Conversations', form({}))).body
  const path = `/conversations/v1/Conversations/${sid}/Messages`
  const said = await house.ask('POST', path, form({ Body: 'Hello' }), { 'x-twilio-webhook-enabled': 'true' })
  expect(said).toMatchObject({ status: 201, body: { body: 'Hello' } })
  expect(app.requests).toHaveLength(before + 1)
})
