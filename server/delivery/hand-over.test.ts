import { expect, it } from 'vitest'
import type { Carrier } from '../carriers/carrier.ts'
import type { Core } from '../core/core.ts'
import { movableClock } from '../domain/clock.ts'
import type { Sms } from '../domain/sms.ts'
import { openHandOver } from './hand-over.ts'

const picture = { id: '01', number: '+15550001000', person: '+15557770001', mediaCount: 1, body: '' } as Partial<Sms>

/** Hands on a picture of which the database, asked for it, fails so. */
async function handOverWhen(failure: Error) {
  const handed: unknown[] = []
  const db = { query: () => Promise.reject(failure) }
  const carrier: Partial<Carrier> = {
    id: 'test',
    async send(texts) {
      handed.push(...texts)
      return texts.map(() => ({ kind: 'taken', carrierMessageId: '1' }))
    },
  }
  const handOver = openHandOver({
    core: { db } as unknown as Core,
    carriers: new Map([['test', carrier as Carrier]]),
    fetchMedia: () => Promise.reject(new Error('not asked')),
    onError() {},
  })
  return { result: await handOver('account', picture as Sms, 'test'), handed }
}

it('a picture whose file the database cannot give, being away, is tried again', async () => {
  const away = Object.assign(new Error('the database is starting up'), { code: '57P03' })
  const { result, handed } = await handOverWhen(away)
  expect(result).toMatchObject({ kind: 'retry', carrierCode: 'media' })
  expect(handed).toEqual([])
})

it('a picture whose file cannot be kept is refused, since no carrier was handed it', async () => {
  const { result, handed } = await handOverWhen(new Error('an invalid byte'))
  expect(result).toMatchObject({ kind: 'refused', errorCode: 11200, carrierCode: 'media' })
  expect(handed).toEqual([])
})

it('a text that its carrier takes long over keeps no other waiting that left with it', async () => {
  const carrier: Partial<Carrier> = {
    id: 'test',
    batchesAtOnce: Number.POSITIVE_INFINITY,
    send: texts =>
      Promise.all(
        texts.map(({ body }) =>
          body === 'slow' ? new Promise<never>(() => {}) : { kind: 'taken' as const, carrierMessageId: body },
        ),
      ),
  }
  const handOver = openHandOver({
    core: { clock: movableClock(() => 0), observe() {} } as unknown as Core,
    carriers: new Map([['test', carrier as Carrier]]),
    fetchMedia: () => Promise.reject(new Error('not asked')),
    onError() {},
  })
  const send = (body: string) => handOver('account', { ...picture, mediaCount: 0, body } as Sms, 'test')
  void send('slow')
  expect(await send('quick')).toEqual({ kind: 'taken', carrierMessageId: 'quick' })
})
