import { expect, test } from 'vitest'
import { parseCarrier } from './carrier-record.ts'

const send = { url: 'https://gateway.example/send', json: { to: '{to}', text: '{text}' } }
const signature = { kind: 'token', header: 'X-Token', equals: '{secret.token}' }
const written = (more: object) =>
  parseCarrier({ name: 'gw', kind: 'http', send, secrets: { token: 'a', key: 'b' }, ...more })

test('a gateway keeps what its settings show apart from its secrets', () => {
  const { settings, secrets } = written({ auth: { bearer: '{secret.key}' }, values: { profile: 'p' }, signature })
  expect(secrets).toEqual({ secrets: { token: 'a', key: 'b' } })
  expect(JSON.stringify(settings)).not.toContain('"b"')
})

test.each([
  ['a name that nobody knows', { headers: { 'x-a': '{form}' } }, /nothing is known as \{form\}/],
  ['a secret that is not there', { auth: { bearer: '{secret.other}' } }, /\{secret\.other\}/],
  ['a value that is not there', { check: { url: 'https://gateway.example/{value.account}' } }, /\{value\.account\}/],
  ['a map that is not there', { send: { ...send, json: { sim: '{from|sims}' } } }, /\{from\|sims\} names a map/],
  ['what only requests have', { headers: { 'x-a': '{body}' } }, /\{body\}/],
  [
    'what only texts have, where requests are signed',
    { signature: { kind: 'hmac', header: 'X', key: '{secret.key}', signs: '{text}' } },
    /\{text\}/,
  ],
  ['a secret that is written out', { auth: { bearer: 'KEY123' } }, /auth\.bearer is shown/],
  ['a token in two places', { signature: { ...signature, query: 'token' } }, /either in a header or in a query/],
  ['texts from whoever calls', { inbound: { from: 'from', number: 'to' } }, /needs a signature/],
  ['a setting that nobody knows', { sends: {} }, /wrong/],
  ['a status that is none', { statuses: { '6xx': 'retry' } }, /wrong/],
])('a gateway with %s is refused', (_, more, why) => {
  expect(() => written(more)).toThrow(why)
})

test('names of an object are no secrets', () => {
  expect(() => written({ auth: { bearer: '{secret.constructor}' } })).toThrow(/nothing is known/)
})
