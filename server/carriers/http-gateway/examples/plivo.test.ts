/** Shapes from Plivo's documentation: Message API, "Message status callbacks", "Signature validation", "Error codes". */
import { createHmac } from 'node:crypto'
import { gatewayTable, NUMBER, PHONE, type VendorRequest } from '../../../../test/support/gateway-table.ts'

const ID = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196'
const digits = (number: string) => number.slice(1)

const sent = (more: object) => ({
  path: '/v1/Account/MAXXXXXXXXXXXXXXXXXX/Message/',
  authorization: `Basic ${Buffer.from('MAXXXXXXXXXXXXXXXXXX:0123456789abcdef0123456789abcdef').toString('base64')}`,
  json: {
    src: digits(NUMBER),
    dst: digits(PHONE),
    text: 'Grüße',
    type: 'sms',
    url: '{status}',
    method: 'POST',
    ...more,
  },
})
const error = (text: string) => ({ api_id: '1de8cbfa-4b2f-11ec-bbb6-0242ac110002', error: text })
const form = (endpoint: VendorRequest['endpoint'], fields: Record<string, string>): VendorRequest => ({
  endpoint,
  contentType: 'application/x-www-form-urlencoded',
  // Left as it is, for the test to say where the gateway serves files.
  body: new URLSearchParams(fields).toString().replaceAll('%7Bgateway%7D', '{gateway}'),
})
const received = (more: Record<string, string>) =>
  form('inbound', {
    MessageUUID: ID,
    From: digits(PHONE),
    To: digits(NUMBER),
    Type: 'sms',
    Units: '1',
    TotalRate: '0',
    TotalAmount: '0',
    MessageIntent: '',
    PowerpackUUID: '',
    ...more,
  })
const told = (Status: string, ErrorCode = '000') =>
  form('status', {
    MessageUUID: ID,
    ParentMessageUUID: ID,
    From: digits(NUMBER),
    To: digits(PHONE),
    Type: 'sms',
    PartInfo: '1 of 1',
    Status,
    ErrorCode,
    Units: '1',
    Sequence: '2',
    QueuedTime: '2024-01-15 20:16:07.588000',
  })
const receipt = { carrierMessageId: ID, number: NUMBER }
const heard = { carrierMessageId: ID, person: PHONE, number: NUMBER, body: 'né 😀' }

gatewayTable({
  vendor: 'plivo',
  text: sent({}),
  media: sent({ type: 'mms', media_urls: ['https://heddle.example/a.png'] }),
  group: null,
  taken: {
    status: 202,
    body: { message: 'message(s) queued', message_uuid: [ID], api_id: '58494ae2-4b2f-11ec-9f8a-0242ac110004' },
  },
  takenAs: ID,
  refused: [
    [
      { status: 400, body: error('dst parameter should be a valid phone number') },
      { errorCode: 30008, carrierCode: 'HTTP 400', message: 'dst parameter should be a valid phone number' },
    ],
  ],
  throttled: { status: 429, body: error('Too many requests') },
  unauthorized: { status: 401, body: error('authentication credentials invalid') },
  unauthorizedSays: 'refused the credentials: 401, authentication credentials invalid.',
  inboundText: received({ Text: 'né 😀' }),
  heardText: heard,
  inboundMedia: received({ Type: 'mms', Body: 'My cat', MediaCount: '1', Media0: '{gateway}/media/cat.png' }),
  heardMedia: { ...heard, body: 'My cat' },
  receipts: [
    ['of a sent text', told('sent'), { ...receipt, status: 'sent' }],
    ['of a delivered text', told('delivered'), { ...receipt, status: 'delivered' }],
    [
      'of a text that was taken for spam',
      told('undelivered', '30'),
      { ...receipt, status: 'undelivered', errorCode: 30007, carrierCode: '30' },
    ],
    [
      'of a text to someone who said stop',
      told('failed', '200'),
      { ...receipt, status: 'failed', errorCode: 21610, carrierCode: '200' },
    ],
    ['of a queued text', told('queued'), null],
  ],
  ignored: [form('status', { CallUUID: ID, CallStatus: 'ringing' })],
  reply: { contentType: 'application/xml', body: '<Response></Response>' },
  sign({ url }) {
    const nonce = '05429567804466091622'
    const signature = createHmac('sha256', '0123456789abcdef0123456789abcdef')
      .update(url + nonce)
      .digest('base64')
    return { 'x-plivo-signature-v2': signature, 'x-plivo-signature-v2-nonce': nonce }
  },
})
