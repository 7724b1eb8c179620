import { expect, test } from 'vitest'
import type { GatewaySettings } from '../../domain/gateway-settings.ts'
import type { HttpAnswer } from '../../kit/http-client.ts'
import { readAnswer, readFailure } from './answers.ts'

const settings: GatewaySettings = {
  send: { url: 'https://gateway.example/send' },
  answer: { id: 'messages[].id', code: 'error.code', ok: ['0'], message: 'error.text' },
  errors: { '7': 21610, '8': 'retry', '9': 'throttled', '10': 'unknown' },
  statuses: { '404': 30005, '5xx': 'retry', '504': 'unknown' },
}
const answer = (status: number, body: unknown, headers = {}): HttpAnswer => ({
  kind: 'answer',
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const error = (code: string | number) => ({ error: { code, text: 'why' } })

test.each<[string, HttpAnswer, object]>([
  ['an id is taken', answer(200, { messages: [{ id: 'a' }] }), { kind: 'taken', carrierMessageId: 'a' }],
  [
    'an id for each part is taken',
    answer(202, { messages: [{ id: 1 }, { id: 2 }] }),
    { kind: 'taken', carrierMessageId: '1', otherPartIds: ['2'] },
  ],
  [
    'an id and a code that all is well is taken',
    answer(200, { messages: [{ id: 'a' }], ...error(0) }),
    { kind: 'taken' },
  ],
  [
    'a code of ours is refused with it',
    answer(400, error(7)),
    { kind: 'refused', errorCode: 21610, carrierCode: '7', message: 'why' },
  ],
  [
    'a code that is not named is refused',
    answer(200, error('x')),
    { kind: 'refused', errorCode: 30008, carrierCode: 'x' },
  ],
  [
    'a word that every object knows is a code like any other',
    answer(400, error('constructor')),
    { kind: 'refused', errorCode: 30008 },
  ],
  ['a code for later is tried again', answer(200, error(8)), { kind: 'retry', carrierCode: '8' }],
  ['a code of doubt is unknown', answer(500, error(10)), { kind: 'unknown' }],
  [
    'a status of ours is refused with it',
    answer(404, ''),
    { kind: 'refused', errorCode: 30005, carrierCode: 'HTTP 404' },
  ],
  ['a class of statuses is heeded', answer(500, ''), { kind: 'retry' }],
  ['a status goes before its class', answer(504, ''), { kind: 'unknown' }],
  [
    'too many requests is tried again when it says',
    answer(429, '', { 'retry-after': '7' }),
    { kind: 'retry', afterMs: 7000 },
  ],
  ['refused credentials wait for the operator', answer(401, ''), { kind: 'retry', carrierCode: 'HTTP 401' }],
  ['a redirect was not sent', answer(302, ''), { kind: 'retry' }],
  [
    'a bad request is refused',
    answer(400, 'no JSON'),
    { kind: 'refused', errorCode: 30008, message: 'The gateway answered 400.' },
  ],
  ['no id is in doubt', answer(200, {}), { kind: 'unknown' }],
  ['no JSON is in doubt', answer(200, '<html>'), { kind: 'unknown' }],
])('an answer with %s', (_, given, result) => {
  expect(readAnswer(settings, given, 'ref').result).toMatchObject(result)
})

test('without rules a server error is in doubt, and unavailable is not', () => {
  const plain: GatewaySettings = { send: settings.send }
  const kindOf = (status: number) => readAnswer(plain, answer(status, ''), 'ref').result.kind
  expect([500, 502, 504].map(kindOf)).toEqual(['unknown', 'unknown', 'unknown'])
  expect(kindOf(503)).toBe('retry')
})

test('a gateway that gives no ids has texts by our reference', () => {
  expect(readAnswer({ send: settings.send }, answer(204, ''), 'ref').result).toEqual({
    kind: 'taken',
    carrierMessageId: 'ref',
  })
})

test('only what says so slows us down', () => {
  const isThrottled = (given: HttpAnswer) => readAnswer(settings, given, 'ref').isThrottled
  expect([answer(429, ''), answer(400, error(9)), answer(503, ''), answer(400, error(8))].map(isThrottled)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('a text whose call never left is tried again, any other is in doubt', () => {
  const failure = { message: 'm', code: null, partial: null }
  expect(readFailure({ ...failure, kind: 'connection_refused', wasSent: false }).kind).toBe('retry')
  expect(readFailure({ ...failure, kind: 'read_timeout', wasSent: true }).kind).toBe('unknown')
})
