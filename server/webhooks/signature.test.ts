import twilio from 'twilio'
import twilio4 from 'twilio-4'
import twilio5 from 'twilio-5'
import { describe, expect, it } from 'vitest'
import { type Parameters, signForm, signUrl, urlToSign, withBodyHash } from './signature.ts'

const token = '12345'
const parameters: Parameters = [
  ['CallSid', 'CA1234567890ABCDE'],
  ['Caller', '+14158675310'],
  ['Digits', '1234'],
  ['From', '+14158675310'],
  ['To', '+18005551212'],
]
const sdks = [
  ['4', twilio4],
  ['5', twilio5],
  ['6', twilio],
] as const

function asObject(form: Parameters): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {}
  for (const [name, value] of form) {
    const before = object[name]
    object[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return object
}

it('of the published example is the published one', () => {
  expect(signForm(token, 'https://example.com/myapp.php?foo=1&bar=2', parameters)).toBe('L/OH5YylLD5NRKLltdqwSvS0BnU=')
})

it('covers a JSON body by its hash in the URL, as in the published example', () => {
  const body = '{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}'
  const hash = '5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9'
  expect(withBodyHash('https://example.com/myapp', body)).toBe(`https://example.com/myapp?bodySHA256=${hash}`)
})

it('does not depend on the order of parameters', () => {
  const url = 'https://example.com/'
  expect(signForm(token, url, parameters.toReversed())).toBe(signForm(token, url, parameters))
})

describe('the URL that is signed', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com/sms?a=1&b=%20x+y', 'https://example.com/sms?a=1&b=%20x+y'],
    ['https://example.com/sms#rc=2&rp=5xx', 'https://example.com/sms'],
    ['https://user:secret@example.com/sms', 'https://example.com/sms'],
    ['https://user:p%40ss@example.com:8443/sms', 'https://example.com:8443/sms'],
    ['https://example.com:443/sms', 'https://example.com:443/sms'],
    ['http://example.com:80/sms', 'http://example.com:80/sms'],
    ['http://u:p@example.com:80?x=:81', 'http://example.com:80/?x=:81'],
    ['http://127.0.0.1:9000/sms', 'http://127.0.0.1:9000/sms'],
    ['http://[::1]:80/sms', 'http://[::1]:80/sms'],
    ['http://[::1]/sms', 'http://[::1]/sms'],
    ['HTTPS://Example.COM/Path', 'https://example.com/Path'],
    ['https://example.com/sms?at=12:30', 'https://example.com/sms?at=12:30'],
  ])('for %s is %s', (configured, signed) => {
    expect(urlToSign(configured)).toBe(signed)
  })
})

it('tells the URL to sign at once, however long its user-info is', () => {
  const startedAt = performance.now()
  expect(urlToSign(`https://${'a@'.repeat(100_000)}example.com:443/sms`)).toBe('https://example.com:443/sms')
  expect(urlToSign('https://user:80@[::1]/sms')).toBe('https://[::1]/sms')
  expect(performance.now() - startedAt).toBeLessThan(2000)
})

describe.each(sdks)('the SDK of major version %s', (_version, sdk) => {
  const form: Parameters = [...parameters, ['Body', 'grüße 🧵 a+b&c=d'], ['Empty', '']]
  const repeated: Parameters = [...form, ['MediaUrl', 'b'], ['MediaUrl', 'a'], ['MediaUrl', 'b']]

  it.each([
    'https://example.com/sms',
    'https://example.com:8443/sms?x=1&y=2',
    'https://example.com:443/sms',
    'http://example.com:80/sms',
    'http://127.0.0.1:3000/sms?q=a%20b+c',
    'https://user:secret@example.com/sms?x=1#rc=3',
    "https://example.com/sms?name=O'Neil",
  ])('accepts what is signed for %s', configured => {
    const url = urlToSign(configured)
    expect(sdk.validateRequest(token, signForm(token, url, form), url, asObject(form))).toBe(true)
    expect(sdk.validateRequest(token, signForm(token, url, repeated), url, asObject(repeated))).toBe(true)
    expect(sdk.validateRequest(token, signUrl(token, url), url, {})).toBe(true)
    expect(sdk.validateRequest('other', signForm(token, url, form), url, asObject(form))).toBe(false)
  })

  it('accepts a signed JSON body', () => {
    const body = JSON.stringify({ text: 'grüße 🧵' })
    for (const configured of ['https://example.com/hook', 'https://example.com:8443/hook?a=1#ct=200']) {
      const url = urlToSign(withBodyHash(configured, body))
      expect(sdk.validateRequestWithBody(token, signUrl(token, url), url, body)).toBe(true)
      expect(sdk.validateRequestWithBody(token, signUrl(token, url), url, `${body} `)).toBe(false)
    }
  })
})
