import { expect, test } from 'vitest'
import type { TwilioApi } from './api.ts'
import { openTwilioNumbers } from './numbers.ts'

const PATH = '/2010-04-01/Accounts/AC1'
const NUMBER = { sid: 'PN1', phone_number: '+15550001000', sms_url: 'https://app.example/sms', sms_method: 'GET' }
const CODE = { sid: 'SC1', short_code: '28000', sms_url: '', sms_fallback_url: null }

/** An account with one number, which an application answers, and one short code. */
function openAccount() {
  const posts: [string, Record<string, string>][] = []
  const lists: Record<string, object> = {
    IncomingPhoneNumbers: { incoming_phone_numbers: [{ ...NUMBER, sms_application_sid: 'AP1' }], next_page_uri: null },
    'SMS/ShortCodes': { short_codes: [CODE], next_page_uri: '' },
  }
  const answer = (body: unknown) => ({ kind: 'answer' as const, status: 200, body, retryAfterMs: null })
  const api: TwilioApi = {
    origin: 'https://api.twilio.com',
    accountPath: PATH,
    authorization: '',
    get: async path => answer(lists[path.slice(PATH.length + 1, path.indexOf('.json'))]),
    async post(path, form) {
      posts.push([path, Object.fromEntries(form)])
      return answer({})
    },
  }
  return { api, posts }
}

test('numbers and short codes are listed with where their texts go: an application goes before a URL', async () => {
  const { api } = openAccount()
  const numbers = openTwilioNumbers({ api, callbackUrl: () => 'https://heddle.example/carriers/AC/1' })
  expect(await numbers.list()).toMatchObject([
    { number: '+15550001000', pointsTo: 'AP1', isHere: false },
    { number: '28000', pointsTo: '', isHere: false },
  ])
})

test('a number is pointed here and put back as it stood, its application too', async () => {
  const { api, posts } = openAccount()
  const numbers = openTwilioNumbers({ api, callbackUrl: () => 'https://heddle.example/carriers/AC/1' })
  const [number] = await numbers.list()
  if (!number) throw new Error('no number')
  await numbers.pointHere(number)
  await numbers.putBack(number.before)
  const url = 'https://heddle.example/carriers/AC/1/inbound'
  const path = `${PATH}/IncomingPhoneNumbers/PN1.json`
  const here = { SmsUrl: url, SmsMethod: 'POST', SmsFallbackUrl: url, SmsFallbackMethod: 'POST' }
  expect(posts).toEqual([
    [path, { ...here, SmsApplicationSid: '' }],
    [
      path,
      {
        SmsUrl: 'https://app.example/sms',
        SmsMethod: 'GET',
        SmsFallbackUrl: '',
        SmsFallbackMethod: 'POST',
        SmsApplicationSid: 'AP1',
      },
    ],
  ])
})

test('no number is pointed to where Twilio cannot call', async () => {
  const { api, posts } = openAccount()
  const numbers = openTwilioNumbers({ api, callbackUrl: () => 'http://127.0.0.1:8080/carriers/AC/1' })
  const [number] = await numbers.list()
  if (!number) throw new Error('no number')
  await expect(numbers.pointHere(number)).rejects.toThrow('set HEDDLE_PUBLIC_URL')
  expect(posts).toEqual([])
})
