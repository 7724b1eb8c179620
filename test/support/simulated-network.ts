import { randomUUID } from 'node:crypto'
import type { CarrierDoors, InboundText, Receipt, Received } from '../../server/carriers/carrier.ts'
import { openSimulator, type Simulator } from '../../server/carriers/simulator/simulator.ts'
import type { Clock } from '../../server/domain/clock.ts'
import { newId } from '../../server/domain/ids.ts'
import type { Debt, LogEntries, NetworkLog, PhoneText } from '../../server/domain/simulated-network.ts'

export const NUMBER = '+15550001000'
export const PHONE = '+15557770001'
export const ACCOUNT = '01890000-0000-7000-8000-000000000001'

/** A clock that stands still until it is moved. */
export function standingClock(): Clock & { advance(ms: number): void } {
  let nowMs = Date.parse('2030-01-01T12:00:00Z')
  return {
    world: () => new Date(nowMs),
    machineMs: () => nowMs,
    advance(ms) {
      nowMs += ms
    },
  }
}

/** A network log in memory that outlives the simulators over it; `isAway` makes it fail. */
export function memoryLog(): NetworkLog & { texts: PhoneText[]; owed: Map<string, Debt>; isAway: boolean } {
  const texts: PhoneText[] = []
  const owed = new Map<string, Debt>()
  const keyOf = (text: PhoneText) => `${text.phone} ${text.number} ${text.carrierMessageId}`
  const log = {
    texts,
    owed,
    isAway: false,
    async append({ texts: added, debts, settled }: LogEntries) {
      if (log.isAway) throw new Error('the log is away')
      for (const text of added) if (!texts.some(each => keyOf(each) === keyOf(text))) texts.push(text)
      for (const debt of debts) owed.set(debt.id, JSON.parse(JSON.stringify(debt), revive))
      for (const id of settled) owed.delete(id)
    },
    debts: async () => [...owed.values()].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()),
    numbersSeenBy: async (phone: string) => [
      ...new Set(texts.filter(text => text.phone === phone).map(text => text.number)),
    ],
    textsOf: async (phone: string, numbers: string[], until: Date) =>
      texts
        .filter(text => text.phone === phone && numbers.includes(text.number) && text.at <= until)
        .sort((a, b) => a.at.getTime() - b.at.getTime()),
  }
  return log
}

function revive(key: string, value: unknown): unknown {
  return key === 'dueAt' && typeof value === 'string' ? new Date(value) : value
}

/** The house as the network sees it: what it was told, and a door that can be shut. */
export function listeningHouse() {
  const smsIds = new Map<string, string>()
  const house = {
    received: [] as InboundText[],
    receipts: [] as Receipt[],
    calls: 0,
    isShut: false,
    async receive(text: InboundText): Promise<Received> {
      if (house.isShut) throw new Error('the house is shut')
      house.received.push(text)
      const known = smsIds.get(text.carrierMessageId)
      const smsId = known ?? newId(0)
      smsIds.set(text.carrierMessageId, smsId)
      return { kind: 'kept', smsId, repeated: known !== undefined }
    },
    async report(receipts: Receipt[]): Promise<void> {
      if (house.isShut) throw new Error('the house is shut')
      house.calls += 1
      house.receipts.push(...receipts)
    },
    /** `sent delivered ...` of one text, as it was told. */
    statusesOf: (carrierMessageId: string) =>
      house.receipts.filter(each => each.carrierMessageId === carrierMessageId).map(each => each.status),
  }
  return house satisfies CarrierDoors
}

/** A simulator over a log in memory; ACCOUNT owns every number that begins with +1555000. */
export function openTestSimulator({ log = memoryLog(), house = listeningHouse(), clock = standingClock() } = {}) {
  const errors: unknown[] = []
  const simulator: Simulator = openSimulator({
    log,
    doors: house,
    clock,
    ids: randomUUID,
    numbersOf,
    onError: error => errors.push(error),
  })
  return { simulator, log, house, clock, errors }
}

export async function numbersOf(accountId: string, numbers: string[]): Promise<Set<string>> {
  return new Set(accountId === ACCOUNT ? numbers.filter(number => number.startsWith('+1555000')) : [])
}

/** A text of the house to PHONE. */
export function textTo(...persons: string[]) {
  return { reference: 'r', number: NUMBER, persons: persons.length > 0 ? persons : [PHONE], body: 'hello', media: [] }
}

/** A text of PHONE to the house. */
export function textFrom(person = PHONE, carrierMessageId: string | null = null) {
  return {
    carrierMessageId,
    person,
    number: NUMBER,
    others: [],
    body: 'hi',
    media: [],
    mediaUrls: [],
    ownNumbers: new Set([NUMBER]),
  }
}
