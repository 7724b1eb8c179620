/** Shapes from Vonage's documentation: Messages API reference, "Messages API errors", "Signed webhooks". */
import { createHash, createHmac } from 'node:crypto'
import { gatewayTable, NUMBER, PHONE, type VendorRequest } from '../../../../test/support/gateway-table.ts'

const ID = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab'
const REFERENCE = '0192f0c1-0000-7000-8000-000000000001'
const digits = (number: string) => number.slice(1)

const sent = (more: object) => ({
  path: '/v1/messages',
  authorization: `Basic ${Buffer.from('abcd1234:0123456789abcdef').toString('base64')}`,
  json: {
    from: digits(NUMBER),
    to: digits(PHONE),
    client_ref: REFERENCE,
    webhook_url: '{status}',
    webhook_version: 'v1',
    ...more,
  },
})
const problem = (code: string, title: string, detail: string) => ({
  type: `https://developer.vonage.com/api-errors/messages#${code}`,
  title,
  detail,
  instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
})
const json = (endpoint: VendorRequest['endpoint'], body: object): VendorRequest => ({
  endpoint,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
const received = (more: object) =>
  json('inbound', {
    channel: 'sms',
    message_uuid: ID,
    to: digits(NUMBER),
    from: digits(PHONE),
    timestamp: '2025-02-03T12:14:25Z',
    message_type: 'text',
    ...more,
  })
const told = (status: string, more: object = {}) =>
  json('status', {
    message_uuid: ID,
    to: digits(PHONE),
    from: digits(NUMBER),
    timestamp: '2025-02-03T12:14:25Z',
    status,
    channel: 'sms',
    client_ref: REFERENCE,
    usage: { currency: 'EUR', price: '0.0333' },
    ...more,
  })
const receipt = { carrierMessageId: ID, number: NUMBER }
const heard = { carrierMessageId: ID, person: PHONE, number: NUMBER, body: 'né 😀' }

gatewayTable({
  vendor: 'vonage',
  text: sent({ message_type: 'text', channel: 'sms', text: 'Grüße' }),
  media: sent({
    message_type: 'image',
    channel: 'mms',
    image: { url: 'https://heddle.example/a.png', caption: 'Grüße' },
  }),
  group: null,
  taken: { status: 202, body: { message_uuid: ID } },
  takenAs: ID,
  refused: [
    [
      { status: 422, body: problem('1120', 'Rejected', 'Illegal Sender Address - rejected') },
      { errorCode: 30008, carrierCode: '1120', message: 'Illegal Sender Address - rejected' },
    ],
    [{ status: 422, body: problem('1170', 'Invalid', 'Invalid or Missing Msisdn Param') }, { errorCode: 30005 }],
    [{ status: 403, body: problem('1050', 'Number barred', 'It may not receive messages') }, { errorCode: 30004 }],
  ],
  throttled: { status: 429, body: problem('1000', 'Throttled', 'You have exceeded the submission capacity') },
  unauthorized: { status: 401, body: problem('unauthorized', 'Unauthorized', 'Check that the credentials are right') },
  unauthorizedSays: 'refused the credentials: 401, Check that the credentials are right',
  inboundText: received({ text: 'né 😀', sms: { num_messages: '1', keyword: 'NÉ' } }),
  heardText: heard,
  inboundMedia: received({
    channel: 'mms',
    message_type: 'image',
    image: { url: '{gateway}/media/cat.png', name: 'cat.png', caption: 'My cat' },
  }),
  heardMedia: { ...heard, body: 'My cat' },
  mediaIsGuarded: true,
  receipts: [
    ['of a submitted text', told('submitted'), { ...receipt, status: 'sent' }],
    ['of a delivered text', told('delivered'), { ...receipt, status: 'delivered' }],
    [
      'of a text to nobody',
      told('rejected', { error: { ...problem('1170', '1170', 'Invalid Msisdn'), title: 1170 } }),
      { ...receipt, status: 'failed', errorCode: 30005, carrierCode: '1170' },
    ],
    [
      'of a text that did not arrive',
      told('undeliverable', { error: problem('1210', '1210', 'Anti-Spam Rejection') }),
      { ...receipt, status: 'undelivered', errorCode: 30007, carrierCode: '1210' },
    ],
  ],
  ignored: [json('status', { type: 'something-new', channel: 'whatsapp' })],
  sign({ body }) {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      iat: Math.floor(Date.now() / 1000),
      jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
      iss: 'Vonage',
      payload_hash: createHash('sha256').update(body).digest('hex'),
      api_key: 'abcd1234',
    }
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
    const signature = createHmac('sha256', 'signature-secret-of-the-account').update(signed).digest('base64url')
    return { authorization: `Bearer ${signed}.${signature}` }
  },
})
