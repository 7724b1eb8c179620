import twilio from 'twilio'
import { describe, expect, onTestFinished, test } from 'vitest'
import { closedPort, serveHttp } from '../../test/support/loopback.ts'
import { createHttpClient } from '../kit/http-client.ts'
import { type HookRequest, makeHook } from './make-hook.ts'

const TOKEN = '12345'
const LIMIT_MS = 10_000

function hook(url: string, change: Partial<HookRequest> = {}) {
  const client = createHttpClient()
  onTestFinished(() => client.close())
  const request: HookRequest = {
    url,
    method: 'POST',
    parameters: [
      ['EventType', 'onMessageAdded'],
      ['Body', 'Grüße & more'],
    ],
    retryCount: 2,
    authToken: TOKEN,
    idempotencyToken: '01890000-0000-7000-8000-000000000000',
    limitMs: LIMIT_MS,
    now: new Date(0),
    allowPrivate: true,
    ...change,
  }
  return makeHook(client, request, () => performance.now())
}

const answering = (status: number, body = '') =>
  serveHttp((_request, response) => {
    response.statusCode = status
    response.end(body)
  })

describe('a hook', () => {
  test('is a signed form with the count of its tries', async () => {
    const url = await answering(200, '{"body":"changed"}')
    const { hops, ...result } = await hook(`${url}/told?by=us`)
    expect(result).toEqual({ status: 200, body: '{"body":"changed"}', problem: null, isWorthRetrying: false })
    const form = Object.fromEntries(new URLSearchParams(hops[0]?.requestBody ?? ''))
    expect(form).toEqual({ EventType: 'onMessageAdded', Body: 'Grüße & more', RetryCount: '2' })
    const signature = hops[0]?.requestHeaders['X-Twilio-Signature'] ?? ''
    expect(twilio.validateRequest(TOKEN, signature, `${url}/told?by=us`, form)).toBe(true)
  })

  test('by GET has everything in its query, which is signed', async () => {
    const url = await answering(200)
    const { hops } = await hook(`${url}/told?by=us`, { method: 'GET' })
    const asked = new URL(hops[0]?.url ?? '')
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      by: 'us',
      EventType: 'onMessageAdded',
      Body: 'Grüße & more',
      RetryCount: '2',
    })
    const signature = hops[0]?.requestHeaders['X-Twilio-Signature'] ?? ''
    expect(twilio.validateRequest(TOKEN, signature, asked.href, {})).toBe(true)
    expect(hops[0]?.requestBody).toBeNull()
  })

  test('takes no connection overrides from its URL', async () => {
    let count = 0
    const url = await serveHttp((_request, response) => {
      count += 1
      response.statusCode = 500
      response.end()
    })
    const { hops } = await hook(`${url}/#rc=5&rp=5xx`)
    expect([count, hops[0]?.url]).toEqual([1, `${url}/`])
  })

  test.each<[number, boolean]>([
    [400, false],
    [403, false],
    [404, false],
    [429, true],
    [500, true],
    [503, true],
  ])('that is answered with %d has failed; worth another try: %s', async (status, isWorthRetrying) => {
    const result = await hook(await answering(status, 'no'))
    expect(result).toMatchObject({ status, problem: { code: 11200 }, isWorthRetrying })
  })

  test('that is not answered in time has failed and is worth another try', async () => {
    const result = await hook(await serveHttp(() => {}), { limitMs: 200 })
    expect(result).toMatchObject({ status: null, problem: { code: 11203 }, isWorthRetrying: true })
  })

  test('that reaches nobody has failed and is worth another try', async () => {
    const result = await hook(`http://127.0.0.1:${await closedPort()}`)
    expect(result).toMatchObject({ status: null, problem: { code: 11202 }, isWorthRetrying: true })
  })

  test('to what is no URL has failed for good', async () => {
    expect(await hook('nonsense')).toMatchObject({ status: null, problem: { code: 11100 }, isWorthRetrying: false })
  })

  test('follows a redirect to where the app is', async () => {
    const target = await answering(200, 'here')
    const url = await serveHttp((_request, response) => {
      response.writeHead(307, { location: `${target}/moved` })
      response.end()
    })
    expect(await hook(url)).toMatchObject({ status: 200, body: 'here', problem: null })
  })

  test('that is taken by an app that talks too much is taken', async () => {
    const result = await hook(await answering(200, 'x'.repeat(70_000)))
    expect(result).toMatchObject({ status: 200, problem: null, isWorthRetrying: false })
  })
})
