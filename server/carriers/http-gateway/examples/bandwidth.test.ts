/** Shapes from Bandwidth's documentation: "Create message", "Messaging webhooks", "Messaging errors". */
import { gatewayTable, NUMBER, PHONE, type VendorRequest } from '../../../../test/support/gateway-table.ts'

const ID = '14762070468292kw2fuqty55yp2b2'
const REFERENCE = '0192f0c1-0000-7000-8000-000000000001'
const OTHER = '+15557770002'
const APPLICATION = '93de2206-9669-4e07-948d-329f4b722ee2'
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const sent = (more: object) => ({
  path: '/api/v2/users/9900000/messages',
  authorization: basic('api-user', 'password-of-the-api-user'),
  json: { from: NUMBER, to: [PHONE], text: 'Grüße', applicationId: APPLICATION, tag: REFERENCE, ...more },
})
const event = (type: string, message: object, more: object = {}): VendorRequest => ({
  endpoint: 'inbound',
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify([
    {
      type,
      time: '2016-09-14T18:20:16Z',
      description: 'A callback',
      message: { id: ID, time: '2016-09-14T18:20:16Z', applicationId: APPLICATION, segmentCount: 1, ...message },
      ...more,
    },
  ]),
})
const received = (more: object) =>
  event(
    'message-received',
    { to: [NUMBER], from: PHONE, text: 'né 😀', owner: NUMBER, direction: 'in', ...more },
    { to: NUMBER },
  )
const told = (type: string, more: object = {}) =>
  event(
    type,
    { to: [PHONE], from: NUMBER, text: '', owner: NUMBER, direction: 'out', tag: REFERENCE },
    { to: PHONE, ...more },
  )
const receipt = { carrierMessageId: ID, person: PHONE, number: NUMBER }
const heard = { carrierMessageId: ID, person: PHONE, number: NUMBER, body: 'né 😀' }

gatewayTable({
  vendor: 'bandwidth',
  text: sent({}),
  media: sent({ media: ['https://heddle.example/a.png'] }),
  group: sent({ to: [PHONE, OTHER] }),
  taken: {
    status: 202,
    body: {
      id: ID,
      owner: NUMBER,
      applicationId: APPLICATION,
      time: '2016-09-14T18:20:16Z',
      segmentCount: 1,
      direction: 'out',
      to: [PHONE],
      from: NUMBER,
      text: 'Grüße',
      tag: REFERENCE,
    },
  },
  takenAs: ID,
  refused: [
    [
      {
        status: 400,
        body: {
          type: 'request-validation',
          description: 'Your request could not be accepted.',
          fieldErrors: [{ fieldName: 'from', description: "'+invalid' must be replaced with a valid E164 number" }],
        },
      },
      {
        errorCode: 30008,
        carrierCode: 'request-validation',
        message: "'+invalid' must be replaced with a valid E164 number",
      },
    ],
    [{ status: 403, body: { type: 'forbidden', description: 'Access Denied' } }, { carrierCode: 'forbidden' }],
  ],
  throttled: { status: 429, body: { type: 'too-many-requests', description: 'Too many requests' } },
  unauthorized: { status: 401, body: { type: 'unauthorized', description: 'Authentication Failed' } },
  unauthorizedSays: 'refused the credentials: 401, Authentication Failed.',
  inboundText: received({}),
  heardText: heard,
  inboundMedia: received({ text: '', to: [NUMBER, OTHER], media: ['{gateway}/media/cat.png'] }),
  heardMedia: { ...heard, body: '', others: [OTHER] },
  mediaIsGuarded: true,
  receipts: [
    ['of a text on its way', told('message-sending'), { ...receipt, status: 'sent' }],
    ['of a delivered text', told('message-delivered'), { ...receipt, status: 'delivered' }],
    [
      'of a text to a forbidden country',
      told('message-failed', { errorCode: 4432 }),
      { ...receipt, status: 'undelivered', errorCode: 30004, carrierCode: '4432' },
    ],
    [
      'of a text to someone who said stop',
      told('message-failed', { errorCode: 4775 }),
      { ...receipt, status: 'undelivered', errorCode: 21610, carrierCode: '4775' },
    ],
  ],
  ignored: [event('message-read', { direction: 'out' })],
  sign: () => ({ authorization: basic('bandwidth', 'password-of-the-callbacks') }),
})
