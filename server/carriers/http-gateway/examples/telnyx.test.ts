/** Shapes from Telnyx's documentation: "Send a message", "Receiving webhooks", "Webhook signing", "Error codes". */
import { generateKeyPairSync, sign } from 'node:crypto'
import { gatewayTable, NUMBER, PHONE, type VendorRequest } from '../../../../test/support/gateway-table.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const RAW_KEY = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
const ID = '40385f64-5717-4562-b3fc-2c963f66afa6'
const OTHER = '+15557770002'

const sent = (more: object) => ({
  path: '/v2/messages',
  authorization: 'Bearer KEY-OF-THE-TEST',
  json: { from: NUMBER, to: PHONE, text: 'Grüße', webhook_url: '{status}', ...more },
})
const error = (code: string, title: string) => ({
  errors: [{ code, title, detail: `${title}.`, source: { pointer: '/' } }],
})
const event = (type: string, payload: object): VendorRequest => ({
  endpoint: 'inbound',
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify({
    data: {
      record_type: 'event',
      id: '86f58db9-0fe3-4adc-9d1f-46e66e6e9323',
      event_type: type,
      occurred_at: '2024-01-15T20:16:07.588+00:00',
      payload: { record_type: 'message', messaging_profile_id: '4000eba1-a0c0-4563-9925-b25e842a7cb6', ...payload },
    },
    meta: { attempt: 1, delivered_to: 'https://www.example.com/hooks' },
  }),
})
const received = (more: object) =>
  event('message.received', {
    direction: 'inbound',
    id: ID,
    type: 'SMS',
    from: { phone_number: PHONE, carrier: 'T-Mobile USA', line_type: 'Wireless' },
    to: [{ phone_number: NUMBER, carrier: 'Telnyx', line_type: 'Wireless', status: 'webhook_delivered' }],
    cc: [],
    text: 'né 😀',
    media: [],
    encoding: 'UCS-2',
    parts: 1,
    received_at: '2024-01-15T20:16:07.503+00:00',
    ...more,
  })
const told = (type: string, status: string, errors: object[] = []): VendorRequest => ({
  ...event(type, {
    direction: 'outbound',
    id: ID,
    type: 'SMS',
    from: { phone_number: NUMBER, carrier: 'TELNYX LLC', line_type: 'VoIP' },
    to: [{ phone_number: PHONE, status, carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' }],
    text: 'Grüße',
    errors,
  }),
  endpoint: 'status',
})
const receipt = { carrierMessageId: ID, number: NUMBER }
const heard = { carrierMessageId: ID, person: PHONE, number: NUMBER, body: 'né 😀', isAnswered: true }

gatewayTable({
  vendor: 'telnyx',
  more: { secrets: { apiKey: 'KEY-OF-THE-TEST', publicKey: RAW_KEY } },
  text: sent({}),
  media: sent({ media_urls: ['https://heddle.example/a.png'] }),
  group: { ...sent({ to: [PHONE, OTHER] }), path: '/v2/messages/group_mms' },
  taken: {
    status: 200,
    body: {
      data: {
        record_type: 'message',
        direction: 'outbound',
        id: ID,
        type: 'SMS',
        to: [{ phone_number: PHONE, status: 'queued', carrier: '', line_type: '' }],
        parts: 1,
        errors: [],
      },
    },
  },
  takenAs: ID,
  refused: [
    [
      { status: 400, body: error('40300', 'Blocked due to STOP message') },
      { errorCode: 21610, carrierCode: '40300' },
    ],
    [
      { status: 400, body: error('40310', "Invalid 'to' address") },
      { errorCode: 30005, carrierCode: '40310' },
    ],
    [
      { status: 422, body: error('10004', 'Missing required parameter') },
      { errorCode: 30008, carrierCode: '10004', message: 'Missing required parameter.' },
    ],
  ],
  throttled: { status: 429, body: error('10011', 'Too many requests') },
  unauthorized: { status: 401, body: error('10009', 'Authentication failed') },
  unauthorizedSays: 'refused the credentials: 401, Authentication failed.',
  inboundText: received({}),
  heardText: heard,
  inboundMedia: received({
    type: 'MMS',
    text: '',
    to: [{ phone_number: NUMBER, status: 'webhook_delivered' }, { phone_number: OTHER }],
    media: [{ url: '{gateway}/media/cat.png', content_type: 'image/png', sha256: 'ab', size: 8 }],
  }),
  heardMedia: { ...heard, body: '', others: [OTHER] },
  receipts: [
    ['of a sent text', told('message.sent', 'sent'), { ...receipt, status: 'sent' }],
    ['of a delivered text', told('message.finalized', 'delivered'), { ...receipt, status: 'delivered' }],
    [
      'of a text that was blocked',
      told('message.finalized', 'delivery_failed', [{ code: '40002', title: 'Blocked as spam - temporary' }]),
      { ...receipt, status: 'undelivered', errorCode: 30007, carrierCode: '40002' },
    ],
    [
      'of a text that was not sent',
      told('message.finalized', 'sending_failed', []),
      { ...receipt, status: 'failed', errorCode: 30008, carrierCode: 'sending_failed' },
    ],
    ['of a state that means nothing to us', told('message.sent', 'queued'), null],
  ],
  ignored: [event('10dlc.campaign.update', {})],
  sign({ body }) {
    const time = String(Math.floor(Date.now() / 1000))
    const signature = sign(null, Buffer.from(`${time}|${body}`), privateKey).toString('base64')
    return { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': time }
  },
})
