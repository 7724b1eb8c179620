import { setImmediate as afterDoors } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  ACCOUNT,
  listeningHouse,
  memoryLog,
  NUMBER,
  openTestSimulator,
  PHONE,
  textFrom,
  textTo,
} from '../../../test/support/simulated-network.ts'
import type { SendResult } from '../carrier.ts'

const OTHER_PHONE = '+15557770002'

beforeEach(() => {
  // Doors gather with setImmediate, which waits for no time.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function idOf(result: SendResult | undefined): string {
  if (result?.kind !== 'taken') throw new Error(`not taken: ${JSON.stringify(result)}`)
  return result.carrierMessageId
}

describe('a text of the house', () => {
  test('is at the phone when the carrier answers', async () => {
    const { simulator } = openTestSimulator()
    const [result] = await simulator.send([textTo()])
    expect(await simulator.textsOf(PHONE, [NUMBER])).toMatchObject([
      { direction: 'received', sender: NUMBER, recipients: [PHONE], body: 'hello', carrierMessageId: idOf(result) },
    ])
  })

  test('is reported sent, then delivered, within 100 ms and not before the answer', async () => {
    const { simulator, house } = openTestSimulator()
    const [result] = await simulator.send([textTo()])
    expect(house.receipts).toEqual([])
    await vi.advanceTimersByTimeAsync(100)
    expect(house.receipts).toEqual(
      ['sent', 'delivered'].map(status => ({
        carrierMessageId: idOf(result),
        number: NUMBER,
        status,
        errorCode: null,
        carrierCode: null,
      })),
    )
  })

  test('goes to a group as one text that shows on each phone, and has receipts for each', async () => {
    const { simulator, house } = openTestSimulator()
    const [result] = await simulator.send([textTo(PHONE, OTHER_PHONE)])
    for (const phone of [PHONE, OTHER_PHONE]) {
      expect(await simulator.textsOf(phone, [NUMBER])).toMatchObject([{ recipients: [PHONE, OTHER_PHONE] }])
    }
    await simulator.releaseDue()
    expect(house.statusesOf(idOf(result))).toEqual(['sent', 'delivered', 'sent', 'delivered'])
    expect(house.receipts.map(({ person }) => person)).toEqual([PHONE, PHONE, OTHER_PHONE, OTHER_PHONE])
  })

  test('with a character that no database holds is shown without it and spoils no other', async () => {
    const { simulator } = openTestSimulator()
    await simulator.send([{ ...textTo(), body: 'a\0b\ud800' }, textTo()])
    expect((await simulator.textsOf(PHONE, [NUMBER])).map(text => text.body)).toEqual(['a\ufffdb\ufffd', 'hello'])
  })

  test('keeps its place among the texts sent with it', async () => {
    const { simulator } = openTestSimulator()
    const bodies = Array.from({ length: 1200 }, (_, i) => `text ${i}`)
    const results = await simulator.send(bodies.map(body => ({ ...textTo(), body })))
    const shown = await simulator.textsOf(PHONE, [NUMBER])
    expect(shown.map(text => text.body)).toEqual(bodies)
    expect(results.map(idOf)).toEqual(shown.map(text => text.carrierMessageId))
  })

  test('waits for a log that is away, and arrives once', async () => {
    const { simulator, log } = openTestSimulator()
    log.isAway = true
    const sending = simulator.send([textTo()])
    await vi.advanceTimersByTimeAsync(5_000)
    log.isAway = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await sending)[0]?.kind).toBe('taken')
    expect(log.texts).toHaveLength(1)
  })

  test('is unknown when the log stays away', async () => {
    const { simulator, log } = openTestSimulator()
    log.isAway = true
    const sending = simulator.send([textTo()])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await sending).toMatchObject([{ kind: 'unknown' }])
  })
})

describe('receipts', () => {
  test('of many small sends go as few calls of at most 1,000', async () => {
    const { simulator, house } = openTestSimulator()
    await Promise.all(Array.from({ length: 900 }, () => simulator.send([textTo()])))
    await vi.advanceTimersByTimeAsync(100)
    expect(house.receipts).toHaveLength(1800)
    expect(house.calls).toBe(2)
  })

  test('that the house did not take are reported again until it does', async () => {
    const { simulator, house, log } = openTestSimulator()
    house.isShut = true
    const [result] = await simulator.send([textTo()])
    await vi.advanceTimersByTimeAsync(3_000)
    expect(log.owed.size).toBe(1)
    house.isShut = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect(house.statusesOf(idOf(result))).toEqual(['sent', 'delivered'])
    await afterDoors()
    await afterDoors()
    expect(log.owed.size).toBe(0)
  })

  test('that were not acknowledged survive a restart, and those that were do not come again', async () => {
    const first = openTestSimulator()
    const [acknowledged] = await first.simulator.send([textTo()])
    await first.simulator.releaseDue()
    await afterDoors()
    await afterDoors()
    const [owed] = await first.simulator.send([textTo()])
    await first.simulator.stop()

    const second = openTestSimulator({ log: first.log, house: listeningHouse() })
    await second.simulator.start()
    await second.simulator.releaseDue()
    expect(second.house.statusesOf(idOf(owed))).toEqual(['sent', 'delivered'])
    expect(second.house.statusesOf(idOf(acknowledged))).toEqual([])
    await afterDoors()
    await afterDoors()
    expect(second.log.owed.size).toBe(0)
  })
})

describe('a text from a phone', () => {
  test('is answered once the house has it, and its phone shows it', async () => {
    const { simulator, house, log } = openTestSimulator()
    expect(await simulator.sendFromPhone(textFrom())).toMatchObject({ kind: 'kept', repeated: false })
    expect(house.received).toMatchObject([{ person: PHONE, number: NUMBER, body: 'hi', others: [] }])
    expect(await simulator.textsOf(PHONE, [NUMBER])).toMatchObject([{ direction: 'sent', recipients: [NUMBER] }])
    await afterDoors()
    await afterDoors()
    expect(log.owed.size).toBe(0)
  })

  test('that repeats its id is the same text: the same answer, logged once', async () => {
    const { simulator } = openTestSimulator()
    const first = await simulator.sendFromPhone(textFrom(PHONE, 'mine-1'))
    const again = await simulator.sendFromPhone(textFrom(PHONE, 'mine-1'))
    expect(again).toEqual({ ...first, repeated: true })
    expect(await simulator.textsOf(PHONE, [NUMBER])).toHaveLength(1)
  })

  test('with a large picture is written with few others', async () => {
    const log = memoryLog()
    const { append } = log
    const written: number[] = []
    log.append = entries => {
      written.push(entries.texts.length)
      return append(entries)
    }
    const { simulator } = openTestSimulator({ log })
    const mediaUrls = [`data:image/png;base64,${'A'.repeat(3_000_000)}`]
    const phones = Array.from({ length: 6 }, (_, at) => `+155577710${10 + at}`)
    await Promise.all(phones.map(phone => simulator.sendFromPhone({ ...textFrom(phone), mediaUrls })))
    expect(written).toEqual([2, 2, 2])
  })

  test('to a group shows on the phones of its other persons, not on numbers of ours', async () => {
    const { simulator, house, log } = openTestSimulator()
    const otherNumber = '+15550001001'
    const ownNumbers = new Set([NUMBER, otherNumber])
    await simulator.sendFromPhone({ ...textFrom(), others: [OTHER_PHONE, otherNumber], ownNumbers })
    expect(house.received).toMatchObject([{ number: NUMBER, others: [OTHER_PHONE, otherNumber] }])
    expect(log.texts.map(text => [text.phone, text.direction, text.sender])).toEqual([
      [PHONE, 'sent', PHONE],
      [OTHER_PHONE, 'received', PHONE],
    ])
  })

  test('that the house did not take is delivered when it is back, before later ones of the pair', async () => {
    const { simulator, house, log } = openTestSimulator()
    house.isShut = true
    await expect(simulator.sendFromPhone({ ...textFrom(), body: '1' })).rejects.toThrow('shut')
    house.isShut = false
    expect(await simulator.sendFromPhone({ ...textFrom(), body: '2' })).toMatchObject({ kind: 'held' })
    expect(await simulator.sendFromPhone({ ...textFrom(OTHER_PHONE), body: 'x' })).toMatchObject({ kind: 'kept' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(house.received.map(text => text.body)).toEqual(['x', '1', '2'])
    await afterDoors()
    await afterDoors()
    expect(log.owed.size).toBe(0)
    expect(await simulator.sendFromPhone(textFrom())).toMatchObject({ kind: 'kept' })
  })

  test('that was logged but not acknowledged is delivered after a restart, bytes of its media included', async () => {
    const first = openTestSimulator()
    first.house.isShut = true
    const media = [{ contentType: 'image/png', fileName: 'cat.png', bytes: Buffer.from([0, 1, 255]) }]
    await expect(first.simulator.sendFromPhone({ ...textFrom(), media })).rejects.toThrow('shut')
    await first.simulator.stop()

    const second = openTestSimulator({ log: first.log, house: listeningHouse() })
    await second.simulator.start()
    await second.simulator.releaseDue()
    expect(second.house.received).toMatchObject([{ body: 'hi', media }])
    await afterDoors()
    await afterDoors()
    expect(second.log.owed.size).toBe(0)
  })

  test('that the log cannot hold is not acknowledged, and may come again', async () => {
    const { simulator, log, house } = openTestSimulator()
    log.isAway = true
    await expect(simulator.sendFromPhone(textFrom(PHONE, 'mine-1'))).rejects.toThrow('the log is away')
    log.isAway = false
    expect(await simulator.sendFromPhone(textFrom(PHONE, 'mine-1'))).toMatchObject({ kind: 'kept' })
    expect(log.texts).toHaveLength(1)
    expect(new Set(house.received.map(text => text.carrierMessageId))).toEqual(new Set(['mine-1']))
  })
})

describe('delay', () => {
  test('holds a text and its receipts until world time has come, and later texts of the pair behind it', async () => {
    const { simulator, house, clock } = openTestSimulator()
    simulator.faults.put(ACCOUNT, { number: PHONE, delayMs: 4 * 3600_000 })
    const [late] = await simulator.send([{ ...textTo(), body: 'late' }])
    simulator.faults.lift(ACCOUNT)
    await simulator.send([{ ...textTo(), body: 'behind' }, textTo(OTHER_PHONE)])
    await simulator.releaseDue()
    expect(await simulator.textsOf(PHONE, [NUMBER])).toEqual([])
    expect(await simulator.textsOf(OTHER_PHONE, [NUMBER])).toHaveLength(1)
    expect(house.statusesOf(idOf(late))).toEqual([])

    clock.advance(4 * 3600_000)
    await simulator.releaseDue()
    expect((await simulator.textsOf(PHONE, [NUMBER])).map(text => text.body)).toEqual(['late', 'behind'])
    expect(house.statusesOf(idOf(late))).toEqual(['sent', 'delivered'])
    expect(house.receipts).toHaveLength(6)
  })

  test('holds a text from a phone, over a restart too, and later ones of the pair behind it', async () => {
    const first = openTestSimulator({ log: memoryLog() })
    first.simulator.faults.put(ACCOUNT, { number: null, delayMs: 5_000 })
    const until = new Date(first.clock.world().getTime() + 5_000)
    expect(await first.simulator.sendFromPhone({ ...textFrom(), body: '1' })).toEqual({ kind: 'held', until })
    first.simulator.faults.lift(ACCOUNT)
    expect(await first.simulator.sendFromPhone({ ...textFrom(), body: '2' })).toEqual({ kind: 'held', until })
    await first.simulator.stop()
    expect(await first.simulator.textsOf(PHONE, [NUMBER])).toHaveLength(2)

    const { simulator, house, clock } = openTestSimulator({ log: first.log, house: first.house, clock: first.clock })
    await simulator.start()
    await simulator.releaseDue()
    expect(house.received).toEqual([])
    clock.advance(5_000)
    await simulator.releaseDue()
    expect(house.received.map(text => text.body)).toEqual(['1', '2'])
  })

  test('is over by itself when world time passes, without being told', async () => {
    const { simulator, house, clock } = openTestSimulator()
    simulator.faults.put(ACCOUNT, { number: null, delayMs: 5_000 })
    await simulator.sendFromPhone(textFrom())
    await simulator.send([textTo()])
    clock.advance(5_000)
    await vi.advanceTimersByTimeAsync(1_100)
    expect(house.received).toHaveLength(1)
    expect(house.receipts).toHaveLength(2)
  })
})
