import { expect, test } from 'vitest'
import { readDeliveryMode } from './delivery-mode.ts'
import { RingCentralError } from './errors.ts'

const webhook = (more: object) => ({ transportType: 'WebHook', address: 'https://app.example/told', ...more })

test.each<[string, object, object]>([
  ['a webhook', webhook({}), { verificationToken: null }],
  ['a webhook with its token', webhook({ verificationToken: 'shared' }), { verificationToken: 'shared' }],
  ['the other name of the token', webhook({ validationToken: 'shared' }), { verificationToken: 'shared' }],
])('%s is read', (_, mode, expected) => {
  const read = { kind: 'webhook', address: 'https://app.example/told', ...expected }
  expect(readDeliveryMode(mode, false)).toEqual(read)
})

test.each<[string, unknown, string]>([
  ['none', undefined, 'CMN-101'],
  ['PubNub, which RingCentral closed', { transportType: 'PubNub', encryption: false }, 'CMN-101'],
  ['pushes to phones', { transportType: 'RC/APNS', registrationId: 'phone' }, 'CMN-101'],
  ['an address without TLS', webhook({ address: 'http://app.example/told' }), 'SUB-523'],
  ['an address that is no URL', webhook({ address: 'app.example' }), 'CMN-101'],
  ['an address of another kind', webhook({ address: 'ftp://app.example' }), 'CMN-101'],
  ['a token that is no text', webhook({ verificationToken: 7 }), 'CMN-101'],
  ['a token that would end its header', webhook({ verificationToken: 'a\r\nX: b' }), 'CMN-101'],
])('%s is refused', (_, mode, code) => {
  const read = () => readDeliveryMode(mode, false)
  expect(read).toThrow(RingCentralError)
  expect(read).toThrow(expect.objectContaining({ status: 400, code }))
})

test('an address without TLS is taken where private addresses may be called', () => {
  const mode = readDeliveryMode(webhook({ address: 'http://127.0.0.1:4000/told' }), true)
  expect(mode).toMatchObject({ kind: 'webhook', address: 'http://127.0.0.1:4000/told' })
})
