import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallbackApp, openCallbackApp } from '../support/callback-app.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PERSON = '+15557770001'
const TOKEN = 'what Prometheus shows'

let house: TestHouse
let app: CallbackApp

beforeAll(async () => {
  app = await openCallbackApp(({ parameters }) => (parameters.Body === 'Bad' ? '<Response>' : '<Response/>'))
  house = await openTestHouse(seedOf([{ number: NUMBER, smsUrl: `${app.url}/sms` }]), { HEDDLE_METRICS_TOKEN: TOKEN })
})
afterAll(async () => {
  await house.close()
  await app.close()
})

/** The values of a metric by their labels, as they are written. */
async function read(name: string): Promise<Record<string, number>> {
  const { body } = await house.ask('GET', '/metrics', undefined, { authorization: `Bearer ${TOKEN}` })
  const lines = String(body).matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))
  return Object.fromEntries([...lines].map(([, labels, value]) => [labels ?? '', Number(value)]))
}

test('the metrics are for those alone who show the token', async () => {
  const answer = await house.ask('GET', '/metrics')
  expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
})

test('the metrics count what was done', async () => {
  const path = '/v1/threads'
  const before = (await read('heddle_queued_total'))['what="texts"'] ?? 0
  await house.text(PERSON, NUMBER, 'Good')
  await house.text(PERSON, NUMBER, 'Bad')
  const form = new URLSearchParams({ From: NUMBER, To: PERSON, Body: 'Hello' })
  const sent = await house.ask('POST', '/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json', form)
  expect(sent.status).toBe(201)
  expect((await house.ask('GET', path)).status).toBe(200)
  await expect
    .poll(() => read('heddle_call_seconds_count'))
    .toEqual({
      'kind="inbound",outcome="done"': 1,
      'kind="inbound",outcome="failed 12100"': 1,
    })
  await expect.poll(() => read('heddle_texts_handed_total')).toMatchObject({ 'carrier="simulator",outcome="taken"': 1 })
  expect((await read('heddle_queued_total'))['what="texts"']).toBe(before + 1)
  expect((await read('heddle_act_seconds_count'))['outcome="written"']).toBeGreaterThan(4)
  expect(await read('heddle_request_seconds_count')).toMatchObject({
    [`method="GET",route="${path}",status="200"`]: 1,
    'method="GET",route="/metrics",status="401"': 1,
  })
  await expect.poll(() => read('heddle_waiting')).toEqual({ 'what="texts"': 0, 'what="calls"': 0 })
  expect(await read('heddle_ready')).toEqual({ '': 1 })
  expect((await read('process_resident_memory_bytes'))['']).toBeGreaterThan(1e7)
})

test('the metrics tell what waits, and for how long', async () => {
  await house.ask('PUT', '/simulator/faults', { number: NUMBER, retry: { after: 'PT1H' } })
  const form = new URLSearchParams({ From: NUMBER, To: PERSON, Body: 'Later' })
  await house.ask('POST', '/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json', form)
  await expect
    .poll(async () => (await read('heddle_texts_handed_total'))['carrier="simulator",outcome="retry"'])
    .toBe(1)
  expect(await read('heddle_waiting')).toMatchObject({ 'what="texts"': 1 })
  expect((await read('heddle_late_seconds'))['']).toBeLessThan(60)
})
