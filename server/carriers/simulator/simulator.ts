import type { Clock } from '../../domain/clock.ts'
import type { Debt, NetworkLog, PhoneText } from '../../domain/simulated-network.ts'
import { cleanText } from '../../domain/text.ts'
import type { Carrier, CarrierDoors, InboundText, OutboundText, Received, SendResult } from '../carrier.ts'
import { type Arrival, openArrivals } from './arrivals.ts'
import { type Fate, type Faults, NO_FAULT, openFaults } from './faults.ts'
import { type Entry, type OwedReceipts, type OwedText, openNetwork } from './network.ts'
import { openReceipts } from './receipts.ts'

/** The log may be away for a moment; giving up leaves the text `unknown`, so the network holds out for long. */
const LOG_TRIES = 60
const LOG_PAUSE_MS = 500

/** A text that a phone sends; `mediaUrls` are what the phone shows of its media. */
export interface TextFromPhone extends Omit<InboundText, 'carrierMessageId'> {
  /** Null: the network makes one. */
  carrierMessageId: string | null
  mediaUrls: string[]
  /** The members of `others` that are numbers of ours: all others have phones, which get their copy of a group text. */
  ownNumbers: Set<string>
}

export interface Simulator extends Carrier {
  readonly faults: Faults
  /**
   * A phone sends a text. Resolves once the house has committed it, or at once with `held` when a fault delays it or
   * an earlier text of the pair. Throws what the house threw; the network then tries again each second.
   */
  sendFromPhone(text: TextFromPhone): Promise<Received | { kind: 'held'; until: Date }>
  /** The numbers that a phone has ever exchanged texts with. */
  numbersSeenBy(phone: string): Promise<string[]>
  /** What a phone shows now of its texts with these numbers, oldest first. */
  textsOf(phone: string, numbers: string[]): Promise<PhoneText[]>
  /** Tells the house all that is due by now; resolves when it is committed. To be asked when world time was moved. */
  releaseDue(): Promise<void>
}

/**
 * A mobile network and its phones, faked. Texts reach phones at once; `sent` and `delivered` follow within 100 ms.
 * What the house has not acknowledged is told again, also after a restart: at least once, never less.
 */
export function openSimulator(deps: {
  log: NetworkLog
  doors: CarrierDoors
  clock: Clock
  /** New ids, UUIDs. */
  ids: () => string
  /** Which of these numbers are the account's own: an account's faults meet only its own texts. */
  numbersOf: (accountId: string, numbers: string[]) => Promise<Set<string>>
  /** Hears of what failed and will be tried again. */
  onError: (error: unknown) => void
}): Simulator {
  const { log, doors, clock, ids, onError } = deps
  const faults = openFaults(deps.numbersOf)
  const network = openNetwork({ log, ids, now: clock.world, onDebt: debt => owe(debt, { isResumed: false }) })
  const receipts = openReceipts({ clock, report: told => doors.report(told), settle: network.settle, onError })
  const arrivals = openArrivals({
    clock,
    receive: text => doors.receive(text),
    owe: arrival => network.accept({ texts: [], owed: owedText(arrival) }),
    settle: network.settle,
    onError,
  })
  const lastArrival = new Map<string, Date>()
  let stopped = false

  function owe(debt: Debt, { isResumed }: { isResumed: boolean }): void {
    const { id, dueAt, due } = debt
    if (due.kind === 'receipts') receipts.owe({ id, dueAt, due })
    else if (isResumed) arrivals.resume({ id, dueAt, due })
  }

  async function send(texts: OutboundText[]): Promise<SendResult[]> {
    if (faults.isEmpty) return Promise.all(texts.map(text => carry(text, NO_FAULT)))
    const fates: Fate[] = []
    for (const text of texts) fates.push(await faults.onText(text.number, text.persons))
    return Promise.all(texts.map((text, i) => carry(text, fates[i] ?? NO_FAULT)))
  }

  async function carry(text: OutboundText, fate: Fate): Promise<SendResult> {
    if (!fate.isCarried && fate.answer) return fate.answer
    const carrierMessageId = ids()
    const now = clock.world()
    const at = arrivalTime(`${text.number} ${text.persons.join()}`, now, fate.delayMs)
    const phones = fate.reachesPhone ? text.persons.filter(person => !fate.missed.has(person)) : []
    const isLogged = await acceptPatiently({
      texts: phones.map(phone => shownAt(phone, text, { at, carrierMessageId })),
      owed: { kind: 'receipts', dueAt: at > now ? at : null, told: receiptsFor(text, fate, carrierMessageId) },
    })
    if (!isLogged) return { kind: 'unknown', message: 'The network could not log the text.' }
    return fate.answer ?? { kind: 'taken', carrierMessageId }
  }

  /** Texts of a pair never overtake a delayed one. */
  function arrivalTime(pair: string, now: Date, delayMs: number): Date {
    const last = lastArrival.size > 0 ? lastArrival.get(pair) : undefined
    if (last && last <= now) lastArrival.delete(pair)
    if (delayMs === 0 && !(last && last > now)) return now
    const due = new Date(now.getTime() + delayMs)
    const at = last && last > due ? last : due
    lastArrival.set(pair, at)
    return at
  }

  /** Logging a text twice changes nothing, so a try whose outcome is unknown may be repeated. */
  async function acceptPatiently(entry: Entry): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await network.accept(entry)
        return true
      } catch (error) {
        onError(error)
        if (stopped || tries >= LOG_TRIES) return false
        await new Promise(resolve => setTimeout(resolve, LOG_PAUSE_MS))
      }
    }
  }

  async function sendFromPhone(text: TextFromPhone): Promise<Received | { kind: 'held'; until: Date }> {
    const { ownNumbers, mediaUrls, ...rest } = text
    const inbound = { ...rest, carrierMessageId: text.carrierMessageId ?? ids() }
    const fate = faults.isEmpty ? NO_FAULT : await faults.onPhoneText(text.number, text.person)
    const now = clock.world()
    const texts = shownByAll(inbound, { at: now, mediaUrls, ownNumbers })
    const isPlain = fate.delayMs === 0 && fate.times === 1 && arrivals.isClear(inbound)
    if (isPlain) {
      // Its phone waits for the house: what came of neither, or only of one, it may send again.
      const arrival = { text: inbound, times: 1, dueAt: now, debt: null }
      const [received] = await Promise.all([arrivals.deliver(arrival), network.accept({ texts, owed: null })])
      return received
    }
    const soonest = fate.delayMs > 0 ? new Date(now.getTime() + fate.delayMs) : now
    const arrival = { text: inbound, times: fate.times, dueAt: arrivals.dueAt(inbound, soonest) }
    return arrivals.deliver({ ...arrival, debt: await network.accept({ texts, owed: owedText(arrival) }) })
  }

  return {
    id: 'simulator',
    faults,
    send,
    sendFromPhone,
    numbersSeenBy: log.numbersSeenBy,
    textsOf: (phone, numbers) => log.textsOf(phone, numbers, clock.world()),
    async releaseDue() {
      await Promise.all([receipts.releaseDue(), arrivals.releaseDue()])
    },
    async start() {
      for (const debt of await network.debts()) owe(debt, { isResumed: true })
    },
    async stop() {
      stopped = true
      await Promise.all([receipts.stop(), arrivals.stop()])
    },
  }
}

function owedText({ text, times, dueAt }: Pick<Arrival, 'text' | 'times' | 'dueAt'>): OwedText {
  return { kind: 'text', dueAt, text, times }
}

/** Each recipient of a group text has receipts of their own. */
function receiptsFor({ number, persons }: OutboundText, fate: Fate, carrierMessageId: string): OwedReceipts['told'] {
  const told =
    persons.length === 1
      ? [{ about: { carrierMessageId, number }, steps: fate.steps }]
      : persons.map(person => ({
          about: { carrierMessageId, number, person },
          steps: fate.missed.get(person) ?? fate.steps,
        }))
  return told.filter(({ steps }) => steps.length > 0)
}

function shownAt(phone: string, text: OutboundText, on: { at: Date; carrierMessageId: string }): PhoneText {
  return {
    phone,
    direction: 'received',
    number: text.number,
    sender: text.number,
    recipients: text.persons,
    body: cleanText(text.body),
    mediaUrls: text.media.map(media => media.url),
    ...on,
  }
}

/** A text shows at its sender and, brought there by the network, at every other person of a group. */
function shownByAll(
  text: InboundText,
  { at, mediaUrls, ownNumbers }: { at: Date; mediaUrls: string[]; ownNumbers: Set<string> },
): PhoneText[] {
  const { person, number, others, body, carrierMessageId } = text
  const shown = { number, sender: person, recipients: [number, ...others], body, mediaUrls, at, carrierMessageId }
  const phones = others.filter(other => !ownNumbers.has(other))
  return [
    { ...shown, phone: person, direction: 'sent' },
    ...phones.map(phone => ({ ...shown, phone, direction: 'received' as const })),
  ]
}
