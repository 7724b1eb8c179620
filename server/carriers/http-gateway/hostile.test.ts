import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCarrier } from '../../domain/carrier-record.ts'
import { readAnswer } from './answers.ts'
import { readEvents } from './event-source.ts'
import { readText } from './inbound-texts.ts'
import { openNumbers } from './numbers.ts'
import { readReceipt } from './receipts.ts'
import { findForgery } from './signatures.ts'
import { Filler } from './template.ts'

const RUNS = { numRuns: 3000 }
/** Words that the settings below look for, so that paths lead somewhere now and then. */
const word = fc.constantFrom('event', 'payload', 'id', 'from', 'to', 'media', 'url', 'status', '0', '__proto__', 'x')
const { json } = fc.letrec(tie => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(word, tie('json'), { maxKeys: 4 }),
  ),
}))
const bytes = fc.oneof(
  json.map(value => Buffer.from(JSON.stringify(value))),
  fc.uint8Array({ maxLength: 200 }).map(each => Buffer.from(each)),
)

const draft = parseCarrier({
  name: 'gw',
  kind: 'http',
  secrets: { key: 'a key' },
  send: { url: 'https://gateway.example/' },
  answer: { id: 'payload[].id', code: ['status', 'event.status'], message: 'event' },
  events: 'event',
  signature: { kind: 'hmac', header: 'X', key: '{secret.key}', signs: '{body}{timestamp}', timestamp: 'payload.id' },
  inbound: {
    id: ['id', 'payload.id'],
    from: ['from', 'payload.from'],
    number: { path: ['to', 'payload.to'], after: '0' },
    others: ['payload[].to[]'],
    text: 'x',
    media: { each: 'media[]', url: 'url', data: 'x', contentType: 'status', fileName: 'id' },
  },
  receipts: { id: 'id', status: 'status', statuses: { x: 'sent' }, reference: 'payload.id' },
})
if (draft.kind !== 'http') throw new Error('It is no HTTP gateway.')
const { settings } = draft
const numbers = openNumbers({ countryPrefix: '+44' })

test('whatever a gateway answers has a meaning', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), bytes, (status, body) => {
      const { result } = readAnswer(settings, { kind: 'answer', status, headers: {}, body }, 'reference')
      expect(['taken', 'refused', 'retry', 'unknown']).toContain(result.kind)
    }),
    RUNS,
  )
})

test('whatever a gateway tells is a text, a receipt or nothing', () => {
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', '')
  fc.assert(
    fc.property(type, bytes, (contentType, body) => {
      const request = { method: 'POST', headers: { 'content-type': contentType }, query: {}, body }
      for (const event of readEvents(settings, request) ?? []) {
        const text = settings.inbound && readText(event, settings.inbound, numbers)
        if (text) expect(text.person.length * text.number.length).toBeGreaterThan(0)
        const receipt =
          settings.receipts && readReceipt(event, { receipts: settings.receipts, errors: settings.errors, numbers })
        if (receipt) expect(receipt.receipt.status).toBe('sent')
      }
    }),
    RUNS,
  )
})

test('whatever a stranger sends is a forgery', () => {
  const secrets = new Filler({ secret: { key: 'a key' } })
  const value = fc.string({ maxLength: 80 })
  fc.assert(
    fc.property(bytes, value, value, (body, x, authorization) => {
      const request = { method: 'POST', url: 'https://heddle.example/', headers: { x, authorization }, query: {}, body }
      const kinds = [
        settings.signature,
        { kind: 'jwt', key: '{secret.key}' } as const,
        { kind: 'basic', user: 'u', password: '{secret.key}' } as const,
        { kind: 'token', header: 'x', equals: '{secret.key}' } as const,
        { kind: 'ed25519', header: 'x', publicKey: Buffer.alloc(32, 1).toString('base64') } as const,
      ]
      for (const kind of kinds) expect(kind && findForgery(kind, request, { secrets, nowMs: 0 })).toBeTypeOf('string')
    }),
    RUNS,
  )
})
