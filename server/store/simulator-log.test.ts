import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import type { Debt, LogEntries, NetworkLog, PhoneText } from '../domain/simulated-network.ts'
import { simulatorLog } from './simulator-log.ts'

const PHONE = '+15557770001'
const NUMBER = '+15550001000'
const NOON = new Date('2030-01-01T12:00:00.123Z')
const LATER = new Date('2030-01-01T16:00:00Z')

let db: TestDatabase
let log: NetworkLog

beforeAll(async () => {
  db = await openTestDatabase()
  log = simulatorLog(db.database.writers)
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.pool.query('truncate simulator_texts, simulator_debts')
})

function text(carrierMessageId: string, changes: Partial<PhoneText> = {}): PhoneText {
  return {
    phone: PHONE,
    direction: 'received',
    number: NUMBER,
    sender: NUMBER,
    recipients: [PHONE],
    body: `body of ${carrierMessageId}`,
    mediaUrls: [],
    at: NOON,
    carrierMessageId,
    ...changes,
  }
}

function debt(last: number, dueAt: Date): Debt {
  const about = [{ carrierMessageId: 'a', number: NUMBER }]
  const steps = [{ status: 'undelivered' as const, errorCode: 30003, carrierCode: 'UNDELIV' }]
  return { id: `01890000-0000-7000-8000-00000000000${last}`, dueAt, due: { kind: 'receipts', about, steps } }
}

function entries(texts: PhoneText[], debts: Debt[] = []): LogEntries {
  return { texts, debts, settled: [] }
}

describe('a phone', () => {
  test('shows a text as it was logged', async () => {
    const told = text('a', {
      recipients: [PHONE, '+15557770002', 'a "quoted", {odd} one'],
      body: 'zwölf 🧶\n"\\\' null',
      mediaUrls: ['data:image/png;base64,AA=='],
    })
    await log.append(entries([told]))
    expect(await log.textsOf(PHONE, [NUMBER], NOON)).toEqual([told])
  })

  test('shows texts of one moment in the order in which they were logged', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `id ${(i * 7919) % 300}`)
    await log.append(entries(ids.map(id => text(id))))
    expect((await log.textsOf(PHONE, [NUMBER], NOON)).map(each => each.carrierMessageId)).toEqual(ids)
  })

  test('shows a delayed text only when its time has come, and in its place then', async () => {
    await log.append(entries([text('delayed', { at: LATER }), text('prompt')]))
    const shownAt = async (until: Date) =>
      (await log.textsOf(PHONE, [NUMBER], until)).map(each => each.carrierMessageId)
    expect(await shownAt(NOON)).toEqual(['prompt'])
    expect(await shownAt(LATER)).toEqual(['prompt', 'delayed'])
  })

  test('that repeats an id has sent one text; another phone or number may use the same id', async () => {
    await log.append(entries([text('a'), text('a', { body: 'again' })]))
    await log.append(entries([text('a', { body: 'again' }), text('a', { phone: '+15557770002' })]))
    await log.append(entries([text('a', { number: '+15550001001' })]))
    expect((await log.textsOf(PHONE, [NUMBER], NOON)).map(each => each.body)).toEqual(['body of a'])
    expect(await log.textsOf('+15557770002', [NUMBER], NOON)).toHaveLength(1)
    expect((await log.numbersSeenBy(PHONE)).sort()).toEqual([NUMBER, '+15550001001'])
  })

  test('shows nothing of numbers that were not asked for, and a phone never used has none', async () => {
    await log.append(entries([text('a')]))
    expect(await log.textsOf(PHONE, ['+15550009999'], NOON)).toEqual([])
    expect(await log.textsOf('+15557770099', [NUMBER], NOON)).toEqual([])
    expect(await log.numbersSeenBy('+15557770099')).toEqual([])
  })
})

describe('a debt', () => {
  test('is kept until it is settled, what is due first coming first', async () => {
    await log.append(entries([text('a')], [debt(1, LATER), debt(3, NOON), debt(2, NOON)]))
    expect(await log.debts()).toEqual([debt(3, NOON), debt(2, NOON), debt(1, LATER)])
    await log.append({ texts: [], debts: [], settled: [debt(2, NOON).id, debt(1, LATER).id] })
    expect(await log.debts()).toEqual([debt(3, NOON)])
  })

  test('is not kept when its texts could not be', async () => {
    await expect(log.append(entries([text('a', { body: 'a\0b' })], [debt(1, NOON)]))).rejects.toThrow()
    expect(await log.debts()).toEqual([])
  })
})
