import type { CarrierMemory } from '../../domain/carrier-memory.ts'
import type { Clock } from '../../domain/clock.ts'
import { maskNumber } from '../../domain/phone-number.ts'
import type { SmppSettings } from '../../domain/smpp-settings.ts'
import { openKeyedQueue } from '../../kit/keyed-queue.ts'
import type { CarrierDoors, Received } from '../carrier.ts'
import type { Addresses } from './addresses.ts'
import { alphabetOf, decodeAs } from './alphabets.ts'
import { COMMAND, STATUS } from './commands.ts'
import { readPlace } from './concatenation.ts'
import type { Deliveries } from './deliveries.ts'
import type { Link } from './link.ts'
import { LongTexts } from './long-texts.ts'
import { canonicalId } from './message-ids.ts'
import { BadPdu, type Delivered, type Pdu, readDataSm, readDeliverSm } from './pdu.ts'
import { isReceipt, readReceipt } from './receipts.ts'

export interface InboundOptions {
  settings: SmppSettings
  addresses: Addresses
  doors: CarrierDoors
  memory: CarrierMemory
  clock: Clock
  deliveries: Deliveries
  /** The number that a text of this id left from, when that is remembered. */
  numberOf(messageId: string): string | null
  onError(error: unknown): void
  onNotice(message: string): void
}

/** Takes what comes in over all links of a carrier: texts, their parts, receipts. */
export interface Inbound {
  take(link: Link, pdu: Pdu): void
  /** Takes up what an earlier run left. */
  start(): Promise<void>
  /** What the house can't take from now on is not tried again. */
  stop(): void
  /** Hands on long texts whose time is up. */
  look(): Promise<void>
  /** Whether anything came since it was asked last. */
  hasHeard(): boolean
  /** How much is taken and not answered yet. */
  readonly open: number
}

const PARTS_WITHIN_MS = 15 * 60 * 1000
/** A text that the house can't take is held so long for it to come back; then the SMSC keeps it. */
const HOLD_MS = 5000
const HOLD_PAUSE_MS = 250
/** How long parts of a text that was handed on, and texts in doubt, are remembered: by then one that comes again is no new one. */
const REMEMBER_MS = 60 * 60 * 1000
/** How often what other nodes may have left half done is looked for, in looks. */
const LOOKS_UNASKED = 30

export function openInbound(options: InboundOptions): Inbound {
  const { settings, addresses, doors, memory, clock, deliveries, onError, onNotice } = options
  const pairs = openKeyedQueue({ maxRunning: 100_000 })
  const alphabet = (dataCoding: number) => alphabetOf(dataCoding, settings.defaultAlphabet ?? 'gsm7')
  const longTexts = new LongTexts({
    memory,
    clock,
    alphabet,
    partsWithinMs: settings.partsWithinMs ?? PARTS_WITHIN_MS,
    receive: text => doors.receive(text),
  })
  let hasHeard = false
  let mayWait = true
  let looks = 0
  let receipts = 0
  let isStopped = false

  function take(link: Link, pdu: Pdu): void {
    hasHeard = true
    let delivered: Delivered
    try {
      delivered = pdu.command === COMMAND.deliver_sm ? readDeliverSm(pdu.body) : readDataSm(pdu.body)
      if (isReceipt(delivered)) takeReceipt(link, pdu, delivered).catch(onError)
      else takeText(link, pdu, delivered)
    } catch (error) {
      if (!(error instanceof BadPdu)) throw error
      onNotice(`A text was refused, it can't be read: ${error.message}`)
      link.answer(pdu, STATUS.permanent)
    }
  }

  function takeText(link: Link, pdu: Pdu, delivered: Delivered): void {
    const { text, place } = readPlace(delivered)
    const person = addresses.read(delivered.sourceTon, delivered.source)
    const number = addresses.read(delivered.destinationTon, delivered.destination)
    const name = deliveries.name(delivered)
    link.expect(name)
    const { dataCoding } = delivered
    const from = { person, number }
    void pairs.push(`${person} ${number}`, async () => {
      const received = await held(() => {
        if (place) {
          mayWait = true
          return longTexts.take({ ...from, ...place, name, dataCoding, bytes: text })
        }
        const body = decodeAs(alphabet(dataCoding), text)
        return doors.receive({ ...from, carrierMessageId: name, others: [], body, media: [] })
      })
      if (received !== 'away' && received?.kind === 'unknown_number') {
        onNotice(`A text to ${maskNumber(number)} was refused: it is no number that this carrier serves.`)
      }
      link.answer(pdu, statusOf(received), name)
    })
  }

  async function takeReceipt(link: Link, pdu: Pdu, delivered: Delivered): Promise<void> {
    const receipt = readReceipt(delivered, settings.errors)
    if (!receipt) {
      onNotice('A receipt without an id or a state was passed over.')
      return link.answer(pdu, STATUS.ok)
    }
    const { messageId, ...rest } = receipt
    const carrierMessageId = canonicalId(messageId, settings.receiptIds)
    const number = options.numberOf(carrierMessageId) ?? addresses.read(delivered.destinationTon, delivered.destination)
    const person = addresses.read(delivered.sourceTon, delivered.source)
    receipts++
    const reported = await held(async () => {
      await doors.report([{ carrierMessageId, mayBePart: true, person, number, ...rest }])
      return null
    })
    receipts--
    link.answer(pdu, reported === 'away' ? STATUS.temporary : STATUS.ok)
  }

  function longAgo(): Date {
    return new Date(clock.world().getTime() - REMEMBER_MS)
  }

  /** Tries for a while. What is kept in its pair's line while it is held keeps its order. */
  async function held<T>(run: () => Promise<T>): Promise<T | 'away'> {
    const untilMs = clock.machineMs() + HOLD_MS
    for (;;) {
      try {
        return await run()
      } catch (error) {
        onError(error)
        if (isStopped || clock.machineMs() >= untilMs) return 'away'
        await new Promise(resolve => setTimeout(resolve, HOLD_PAUSE_MS))
      }
    }
  }

  return {
    take,
    async start() {
      for (const name of await memory.doubtful(longAgo())) deliveries.doubt(name)
    },
    stop() {
      isStopped = true
    },
    async look() {
      looks++
      const isDue = looks % LOOKS_UNASKED === 0
      if (!mayWait && !isDue) return
      mayWait = false
      const waiting = await memory.waitingTexts()
      if (waiting.length > 0) mayWait = true
      for (const text of waiting) {
        await pairs.push(`${text.person} ${text.number}`, () => longTexts.look(text)).catch(onError)
      }
      if (isDue) await memory.forget(longAgo())
    },
    hasHeard() {
      const was = hasHeard
      hasHeard = false
      return was
    },
    get open() {
      return pairs.size + receipts
    },
  }
}

function statusOf(received: Received | null | 'away'): number {
  if (received === 'away') return STATUS.temporary
  return received?.kind === 'unknown_number' ? STATUS.wrongDestination : STATUS.ok
}
