import twilio from 'twilio'
import { expect, test } from 'vitest'
import { isSigned } from './signature.ts'

const PATH = '/carriers/AC1/1/inbound?text=a%20b'
const form = { From: '+15557770001', Body: 'né 😀' }

test.each([
  ['https://heddle.example', 'https://heddle.example'],
  ['https://heddle.example', 'https://heddle.example:443'],
  ['https://heddle.example:8443', 'https://heddle.example'],
  ['https://heddle.example:8443', 'https://heddle.example:8443'],
  ['http://[::1]:8080', 'http://[::1]'],
])('what goes to %s may be signed for %s', (known, signed) => {
  const signature = twilio.getExpectedTwilioSignature('token', signed + PATH, form)
  const asked = { authToken: 'token', form: new URLSearchParams(form), signature }
  expect(isSigned({ ...asked, urls: [known + PATH] })).toBe(true)
  expect(isSigned({ ...asked, urls: [`https://other.example${PATH}`] })).toBe(false)
})
