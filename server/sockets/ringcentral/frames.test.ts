import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFrame } from './frames.ts'
import { readSessionToken, writeSessionToken } from './session-token.ts'

const SESSION = '3f1c8f6e-1f9b-4d5f-8f5e-0c9d7a5b6c7d'

test('a request is read with its query and its body', () => {
  const meta = { type: 'ClientRequest', messageId: 'm1', method: 'get', path: '/restapi/v1.0', query: { a: ['b'] } }
  expect(readFrame(JSON.stringify([meta, { x: 1 }]))).toEqual({ ...meta, method: 'GET', headers: {}, body: { x: 1 } })
})

test('whatever comes is read or told to be bad', () => {
  fc.assert(fc.property(fc.string(), text => readFrame(text).type.length > 0))
  fc.assert(fc.property(fc.json(), text => readFrame(text).type.length > 0))
  const meta = fc.record({
    type: fc.constantFrom('ClientRequest', 'Heartbeat'),
    messageId: fc.jsonValue(),
    path: fc.jsonValue(),
  })
  fc.assert(fc.property(meta, each => readFrame(JSON.stringify([each])).type.length > 0))
})

test('a session token is read as it was written, and nothing else is one', () => {
  const token = { accountId: 'an account', sessionId: SESSION, version: 7, isSubscribed: true }
  expect(readSessionToken(writeSessionToken(token))).toEqual(token)
  fc.assert(fc.property(fc.string(), text => readSessionToken(text) === null))
  const others = fc.array(fc.jsonValue(), { maxLength: 5 })
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  fc.assert(fc.property(others, value => readSessionToken(encoded(value)) === null))
})
