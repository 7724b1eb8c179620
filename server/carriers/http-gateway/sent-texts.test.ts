import { expect, test } from 'vitest'
import { memoryLedger } from '../../../test/support/memory-ledger.ts'
import type { OutboundText } from '../carrier.ts'
import { SentTexts } from './sent-texts.ts'

const TEXT: OutboundText = { reference: 'r1', number: '+15550001000', persons: ['+15557770001'], body: 'a', media: [] }
const unknownText = () => ({ ...TEXT, createdAt: new Date(0), unknownSince: new Date(0) })

test('a text that another node sent, or one before a crash, is known by its receipt once it is in doubt', async () => {
  const ledger = memoryLedger({ received: [] })
  const texts = new SentTexts(() => 0)
  texts.name('r1', 'gateway-1')
  await texts.resolveNamed(ledger)
  expect(ledger.resolved).toEqual([])
  ledger.unknown = [unknownText()]
  await texts.resolveNamed(ledger)
  ledger.unknown = [unknownText()]
  await texts.resolveNamed(ledger)
  expect(ledger.resolved).toEqual([['r1', 'gateway-1']])
})

test('a text that was answered in the meantime is not asked about', async () => {
  const ledger = memoryLedger({ received: [] })
  const texts = new SentTexts(() => 0)
  texts.name('r1', 'gateway-1')
  expect(texts.heed(TEXT, { kind: 'taken', carrierMessageId: 'gateway-1' }).kind).toBe('taken')
  ledger.unknown = [unknownText()]
  await texts.resolveNamed(ledger)
  expect(ledger.resolved).toEqual([])
})

test('a name that nobody asks for is forgotten', async () => {
  let nowMs = 0
  const ledger = memoryLedger({ received: [] })
  const texts = new SentTexts(() => nowMs)
  texts.name('r1', 'gateway-1')
  nowMs = 3_600_000
  await texts.resolveNamed(ledger)
  ledger.unknown = [unknownText()]
  await texts.resolveNamed(ledger)
  expect(ledger.resolved).toEqual([])
})
