/** Shapes from SMSGate's documentation: "Sending messages", "Webhooks", "MMS"; its OpenAPI specification. */
import { createHmac } from 'node:crypto'
import { gatewayTable, NUMBER, PHONE, type VendorRequest } from '../../../../test/support/gateway-table.ts'

const ID = 'Ey6ECgOkVVFjz3CL48B8C'
const REFERENCE = '0192f0c1-0000-7000-8000-000000000001'

const sent = (text: string) => ({
  path: '/3rdparty/v1/messages',
  authorization: `Basic ${Buffer.from('ABCDEF:password-of-the-app').toString('base64')}`,
  json: { id: REFERENCE, textMessage: { text }, phoneNumbers: [PHONE], simNumber: 1, withDeliveryReport: true },
})
const event = (name: string, payload: object): VendorRequest => ({
  endpoint: 'inbound',
  contentType: 'application/json',
  body: JSON.stringify({
    deviceId: 'ffffffffceb0b1db0000018e937c815b',
    event: name,
    id: ID,
    payload,
    webhookId: 'LreFUt-Z3sSq0JufY9uWB',
  }),
})
const told = (name: string, more: object) =>
  event(name, { messageId: REFERENCE, phoneNumber: PHONE, simNumber: 1, ...more })
const receipt = { carrierMessageId: REFERENCE, number: NUMBER }
const heard = { carrierMessageId: ID, person: PHONE, number: NUMBER, body: 'Android is a sweet treat!' }

gatewayTable({
  vendor: 'smsgate',
  text: sent('Grüße'),
  media: sent('Grüße\nhttps://heddle.example/a.png'),
  group: null,
  taken: {
    status: 202,
    body: {
      id: REFERENCE,
      deviceId: 'ffffffffceb0b1db0000018e937c815b',
      state: 'Pending',
      isHashed: false,
      isEncrypted: false,
      recipients: [{ phoneNumber: PHONE, state: 'Pending' }],
      states: {},
    },
  },
  takenAs: REFERENCE,
  refused: [
    [
      { status: 400, body: { message: 'failed to validate: phoneNumbers is required' } },
      { errorCode: 30008, carrierCode: 'HTTP 400', message: 'failed to validate: phoneNumbers is required' },
    ],
  ],
  throttled: { status: 429, body: { message: 'Too Many Requests' } },
  unauthorized: { status: 401, body: { message: 'Unauthorized' } },
  unauthorizedSays: 'refused the credentials: 401, Unauthorized.',
  inboundText: event('sms:received', {
    messageId: 'abc123',
    message: 'Android is a sweet treat!',
    // As it is dialled at home.
    phoneNumber: '5557770001',
    simNumber: 1,
    receivedAt: '2024-06-22T15:46:11.000+07:00',
  }),
  heardText: heard,
  inboundMedia: event('mms:downloaded', {
    messageId: '23615',
    sender: PHONE,
    recipient: NUMBER,
    simNumber: 1,
    body: 'My cat',
    subject: null,
    receivedAt: '2026-03-12T13:27:27.000+09:00',
    attachments: [{ partId: 1, contentType: 'image/png', name: 'cat.png', size: 8, data: 'iVBORw0KGgo=' }],
  }),
  heardMedia: { ...heard, body: 'My cat' },
  receipts: [
    ['of a sent text', told('sms:sent', { sentAt: '2024-06-22T15:46:11.000+07:00' }), { ...receipt, status: 'sent' }],
    [
      'of a delivered text',
      told('sms:delivered', { deliveredAt: '2024-06-22T15:46:11.000+07:00' }),
      { ...receipt, status: 'delivered' },
    ],
    [
      'of a text that the phone could not send',
      told('sms:failed', { failedAt: '2024-06-22T15:46:11.000+07:00', reason: 'RESULT_ERROR_NO_SERVICE' }),
      { ...receipt, status: 'failed', errorCode: 30008, carrierCode: 'RESULT_ERROR_NO_SERVICE' },
    ],
  ],
  ignored: [
    event('system:ping', { health: {} }),
    event('mms:received', { messageId: 'mms_12345abcde', sender: PHONE }),
  ],
  sign({ body }) {
    const time = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', 'signing-key-of-the-app')
      .update(body + time)
      .digest('hex')
    return { 'x-signature': signature, 'x-timestamp': time }
  },
})
