import { expect, test } from 'vitest'
import { canCallBack } from './callbacks.ts'

test.each([
  ['https://heddle.example/carriers/AC/1', 'https://api.twilio.com', true],
  ['http://127.0.0.1:8080/carriers/AC/1', 'https://api.twilio.com', false],
  ['http://localhost:8080/carriers/AC/1', 'https://api.twilio.com', false],
  ['http://192.168.1.2:8080/carriers/AC/1', 'https://api.twilio.com', false],
  ['http://[::1]:8080/carriers/AC/1', 'https://api.twilio.com', false],
  ['http://127.0.0.1:8080/carriers/AC/1', 'http://127.0.0.1:9090', true],
  ['https://8.8.8.8/carriers/AC/1', 'https://api.twilio.com', true],
])('whether %s can be called by %s', (ours, api, wanted) => {
  expect(canCallBack(ours, api)).toBe(wanted)
})
