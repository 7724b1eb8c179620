import type { ReceiptStep } from '../../domain/simulated-network.ts'
import type { SendResult } from '../carrier.ts'
import { DELIVERED } from './network.ts'

/** What ails texts with one number (a person's or one of ours), or all of an account. Durations in world time. */
export interface Fault {
  /** Null: every number. */
  number: string | null
  /** Texts do not reach the phone; receipts say so with this 30xxx code. */
  fail?: { code: number; status: 'failed' | 'undelivered' } & Times
  /** Texts arrive this much later, both ways, and receipts with them. */
  delayMs?: number
  /** Receipts, and texts from phones, are told this many times. */
  repeat?: number
  /** `delivered` is told before `sent`. */
  reorder?: boolean
  dropReceipts?: boolean
  /** The carrier refuses texts for good with this 30xxx code. */
  refuse?: { code: number } & Times
  /** The carrier is busy: it takes no text and asks for another try, after `afterMs` when given. */
  retry?: { afterMs: number | null } & Times
  /** The link breaks before the carrier's answer; with `arrives` the text is under way all the same. */
  unknown?: { arrives: boolean } & Times
}

/** How many texts a fault still meets; null: all, until it is lifted. */
interface Times {
  times: number | null
}

/** What the faults make of one text. */
export interface Fate {
  /** The carrier's answer in place of `taken`. */
  answer: Exclude<SendResult, { kind: 'taken' }> | null
  /** Whether the network carries the text, whatever it answers. */
  isCarried: boolean
  reachesPhone: boolean
  /** The receipts to come, in order. */
  steps: ReceiptStep[]
  /** Recipients of a group text whom alone it does not reach, each with the receipts to come. */
  missed: ReadonlyMap<string, ReceiptStep[]>
  delayMs: number
  /** How many times a text from a phone is delivered to the house. */
  times: number
}

export const NO_FAULT: Fate = {
  answer: null,
  isCarried: true,
  reachesPhone: true,
  steps: DELIVERED,
  missed: new Map(),
  delayMs: 0,
  times: 1,
}

export interface Faults {
  /** True while no account has set any: the way is then free of look-ups. */
  readonly isEmpty: boolean
  /** Sets what ails a number, in place of what ailed it before. */
  put(accountId: string, fault: Fault): void
  list(accountId: string): Fault[]
  /** Lifts the faults of one number (null: those set for every number), or with `undefined` all of the account. */
  lift(accountId: string, number?: string | null): void
  /** The fate of a text that the house sends; counts against faults that meet a number of texts. */
  onText(number: string, persons: string[]): Promise<Fate>
  /** The fate of a text from a phone: only `delay` and `repeat` touch those. */
  onPhoneText(number: string, person: string): Promise<Fate>
}

/**
 * The faults that are set, in memory: a restart lifts them. An account's faults meet only texts of its own numbers
 * (`numbersOf` tells which of these are). Of several, the person's goes before the number's before that for all.
 */
export function openFaults(numbersOf: (accountId: string, numbers: string[]) => Promise<Set<string>>): Faults {
  const byAccount = new Map<string, Map<string | null, Fault>>()

  async function meeting(number: string, persons: string[]): Promise<Fault[]> {
    for (const [accountId, faults] of byAccount) {
      if (!(await numbersOf(accountId, [number])).has(number)) continue
      const keys = [...persons, number, null]
      return keys.map(key => faults.get(key)).filter(fault => fault !== undefined)
    }
    return []
  }

  return {
    get isEmpty() {
      return byAccount.size === 0
    },
    put(accountId, fault) {
      const faults = byAccount.get(accountId) ?? new Map<string | null, Fault>()
      byAccount.set(accountId, faults.set(fault.number, fault))
    },
    list: accountId => [...(byAccount.get(accountId)?.values() ?? [])],
    lift(accountId, number) {
      const faults = byAccount.get(accountId)
      if (number === undefined) faults?.clear()
      else faults?.delete(number)
      if (faults?.size === 0) byAccount.delete(accountId)
    },
    async onText(number, persons) {
      const faults = await meeting(number, persons)
      return persons.length > 1 ? groupFate(faults, persons) : fateOf(faults)
    },
    async onPhoneText(number, person) {
      const faults = await meeting(number, [person])
      return { ...NO_FAULT, delayMs: first(faults, 'delayMs') ?? 0, times: first(faults, 'repeat') ?? 1 }
    },
  }
}

/** What fails at one recipient's phone leaves the others of a group text alone. */
function groupFate(faults: Fault[], persons: string[]): Fate {
  const ofPersons = faults.filter(fault => fault.fail && fault.number !== null && persons.includes(fault.number))
  const fate = fateOf(
    faults,
    faults.filter(fault => !ofPersons.includes(fault)),
  )
  if (!fate.isCarried) return fate
  const missed = ofPersons.map(fault => [fault.number ?? '', stepsOf([fault], use([fault], 'fail'))] as const)
  return { ...fate, missed: new Map(missed) }
}

/** `failing`: those of the faults that may make the whole text fail. */
function fateOf(faults: Fault[], failing = faults): Fate {
  const delayMs = first(faults, 'delayMs') ?? 0
  const refuse = use(faults, 'refuse')
  if (refuse)
    return notCarried({ kind: 'refused', errorCode: refuse.code, carrierCode: 'REJECTD', message: 'Refused.' })
  const retry = use(faults, 'retry')
  if (retry) {
    const after = retry.afterMs === null ? {} : { afterMs: retry.afterMs }
    return notCarried({ kind: 'retry', carrierCode: 'BUSY', message: 'The network is busy.', ...after })
  }
  const unknown = use(faults, 'unknown')
  const answer: Fate['answer'] = unknown ? { kind: 'unknown', message: 'The link broke before the answer.' } : null
  if (unknown && !unknown.arrives) return { ...NO_FAULT, answer, isCarried: false }
  const fail = use(failing, 'fail')
  return { ...NO_FAULT, answer, reachesPhone: !fail, steps: stepsOf(faults, fail), delayMs }
}

function notCarried(answer: Fate['answer']): Fate {
  return { ...NO_FAULT, answer, isCarried: false }
}

function stepsOf(faults: Fault[], fail: Fault['fail'] | undefined): ReceiptStep[] {
  if (first(faults, 'dropReceipts')) return []
  const [sent, delivered] = DELIVERED
  const steps = fail ? failureSteps(fail) : DELIVERED
  const told = first(faults, 'reorder') ? steps.toReversed() : steps
  const repeat = first(faults, 'repeat') ?? 1
  if (repeat === 1 && told[0] === sent && told[1] === delivered) return DELIVERED
  return Array.from({ length: repeat }, () => told).flat()
}

function failureSteps({ code, status }: NonNullable<Fault['fail']>): ReceiptStep[] {
  const sent = DELIVERED.slice(0, 1)
  if (status === 'failed') return [{ status, errorCode: code, carrierCode: 'REJECTD' }]
  return [...sent, { status, errorCode: code, carrierCode: 'UNDELIV' }]
}

function first<Key extends keyof Fault>(faults: Fault[], key: Key): Fault[Key] | undefined {
  return faults.find(fault => fault[key] !== undefined)?.[key]
}

/** The part of a fault that meets this text; one that has met its number of texts is lifted. */
function use<Key extends 'fail' | 'refuse' | 'retry' | 'unknown'>(faults: Fault[], key: Key): Fault[Key] | undefined {
  const fault = faults.find(each => each[key] !== undefined)
  const part = fault?.[key]
  if (!fault || !part || part.times === null) return part
  part.times -= 1
  if (part.times <= 0) delete fault[key]
  return part
}
