import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'

let house: TestHouse

beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: NUMBER }]))
})

afterAll(() => house?.close())

interface Operation {
  parameters: { in: string }[]
  requestBody?: { content: Record<string, unknown> }
}

async function operations(): Promise<{ method: string; path: string; operation: Operation }[]> {
  const { body } = await house.ask('GET', '/openapi.json')
  const paths: [string, Record<string, Operation>][] = Object.entries(body.paths)
  return paths.flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, 'some'),
      operation,
    })),
  )
}

describe('our own API takes nothing that it does not know', () => {
  test('a field of any request that there is not', async () => {
    let asked = 0
    for (const { method, path, operation } of await operations()) {
      if (method === 'GET' || operation.requestBody?.content['text/csv']) continue
      const { status, body } = await house.ask(method, path, { unheard: 1 })
      expect([method, path, status, body]).toEqual([
        method,
        path,
        400,
        { code: 'invalid', message: 'There is no field `unheard` here.' },
      ])
      asked++
    }
    expect(asked).toBeGreaterThan(15)
  })

  test('a parameter of any request that there is not', async () => {
    // Bodies are looked at first.
    const all = (await operations()).filter(({ operation }) => !operation.requestBody)
    expect(all.length).toBeGreaterThan(15)
    for (const { method, path } of all) {
      const { status, body } = await house.ask(method, `${path}?unheard=1`)
      expect([method, path, status, body.message]).toEqual([method, path, 400, 'There is no parameter `unheard` here.'])
    }
  })
})

describe('our own API takes what it knows as it is', () => {
  const wish = { pool: 'Threads', to: '+15557770001', body: 'Question?' }

  test.each([
    [{ ...wish, body: undefined }, '`body` is missing.'],
    [{ ...wish, to: 15557770001 }, '`to` must be string.'],
    [{ ...wish, body: null }, '`body` must be string.'],
    [{ ...wish, room: 5 }, '`room` must be null, or must be string.'],
    [{ ...wish, closeOn: 'answer' }, '`closeOn` must be null, or must be "reply".'],
    [{ ...wish, replyUrl: 'http://' }, '`replyUrl` must be null, or must match format "url".'],
    [{ ...wish, expiresAt: 'tomorrow' }, '`expiresAt` must be null, or must match format "date-time".'],
    ['"Question?"', 'The body must be a JSON object.'],
  ])('a thread: %j', async (asked, message) => {
    const { status, body } = await house.ask('POST', '/v1/threads', asked)
    expect([status, body]).toEqual([400, { code: 'invalid', message }])
  })

  test.each([
    ['limit=5.5', '`limit` must be integer.'],
    ['limit=', '`limit` must be integer.'],
    ['limit=1001', '`limit` must be <= 1000.'],
    ['before=99999999999999999999', '`before` must be <= 9007199254740991.'],
    ['limit=5&limit=6', '`limit` must be integer.'],
    ['state=shut', /^`state` must be "waiting", or /],
  ])('a list: %s', async (query, message) => {
    const { status, body } = await house.ask('GET', `/v1/threads?${query}`)
    expect(status).toBe(400)
    expect(body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  test('null is null, and false is not null', async () => {
    const path = `/v1/numbers/${encodeURIComponent(NUMBER)}/thread-calls`
    for (const on of [true, null, false]) expect((await house.ask('PUT', path, { on })).body).toEqual({ on })
    expect((await house.ask('PUT', path, { on: '' })).status).toBe(400)
    expect((await house.ask('PUT', '/v1/thread-calls', { on: 'true' })).status).toBe(400)
  })

  test('numbers and yes or no are read from a query', async () => {
    const page = await house.ask('GET', '/v1/opt-outs?history=true&limit=5&before=100')
    expect([page.status, page.body]).toEqual([200, { records: [], next: null }])
    expect((await house.ask('GET', '/v1/opt-outs?history=yes')).status).toBe(400)
  })
})
