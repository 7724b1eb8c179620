import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeliveryStatus } from './delivery-status.ts'
import { advance, DELIVERY_RANK, DELIVERY_STATUSES, isTerminal } from './delivery-status.ts'

const anyStatus = fc.constantFrom(...DELIVERY_STATUSES)

function statusAfter(start: DeliveryStatus, reports: DeliveryStatus[]): DeliveryStatus {
  return reports.reduce((current, reported) => advance(current, reported) ?? current, start)
}

describe('the status of an sms', () => {
  test.each([
    ['scheduled', 'accepted'],
    ['scheduled', 'queued'],
    ['accepted', 'queued'],
    ['queued', 'sending'],
    ['sending', 'sent'],
    ['sending', 'failed'],
    ['queued', 'failed'],
    ['sending', 'unknown'],
    ['sent', 'delivered'],
    ['sent', 'undelivered'],
    ['sent', 'failed'],
    ['sent', 'read'],
    ['delivered', 'read'],
    ['scheduled', 'canceled'],
  ] as const)('goes from %s to %s', (current, reported) => {
    expect(advance(current, reported)).toBe(reported)
  })

  test.each([
    ['delivered', 'sent'],
    ['delivered', 'undelivered'],
    ['undelivered', 'delivered'],
    ['failed', 'sent'],
    ['undelivered', 'read'],
    ['read', 'delivered'],
    ['sent', 'sending'],
    ['sent', 'unknown'],
    ['sending', 'queued'],
    ['canceled', 'queued'],
    ['received', 'delivered'],
    ['received', 'read'],
    ['queued', 'canceled'],
    ['sent', 'canceled'],
    ['queued', 'received'],
  ] as const)('does not go from %s to %s', (current, reported) => {
    expect(advance(current, reported)).toBeNull()
  })

  test('does not change when a report is repeated', () => {
    fc.assert(fc.property(anyStatus, status => advance(status, status) === null))
  })

  test('skips steps when a receipt overtakes the answer to the submit', () => {
    expect(statusAfter('sending', ['delivered', 'sent'])).toBe('delivered')
    expect(statusAfter('queued', ['delivered'])).toBe('delivered')
  })

  test('that is unknown is settled by any later receipt, and may be sent again', () => {
    for (const reported of ['queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'read'] as const) {
      expect(advance('unknown', reported)).toBe(reported)
    }
  })

  test('is the same whatever the order and number of its receipts', () => {
    const receipts = fc.subarray<DeliveryStatus>(['sent', 'delivered', 'read'], { minLength: 1 })
    const shuffled = receipts.chain(some => fc.shuffledSubarray([...some, ...some], { minLength: some.length * 2 }))
    fc.assert(
      fc.property(shuffled, fc.constantFrom<DeliveryStatus>('queued', 'sending'), (reports, start) => {
        const furthest = Math.max(...reports.map(report => DELIVERY_RANK[report]))
        expect(DELIVERY_RANK[statusAfter(start, reports)]).toBe(furthest)
      }),
    )
  })

  test('never runs backwards, and an end stays the end', () => {
    fc.assert(
      fc.property(anyStatus, fc.array(anyStatus, { maxLength: 20 }), (start, reports) => {
        let current = start
        for (const reported of reports) {
          const next = advance(current, reported)
          if (next === null) continue
          expect(next).toBe(reported)
          if (current !== 'unknown') expect(DELIVERY_RANK[next]).toBeGreaterThan(DELIVERY_RANK[current])
          if (isTerminal(current)) expect([current, next]).toEqual(['delivered', 'read'])
          current = next
        }
      }),
    )
  })
})

test('an sms has come to its end when it is delivered, undelivered, failed, canceled, received or read', () => {
  expect(DELIVERY_STATUSES.filter(isTerminal)).toEqual([
    'delivered',
    'undelivered',
    'failed',
    'canceled',
    'received',
    'read',
  ])
})
