import type { Clock } from '../../domain/clock.ts'
import type { Debt, TextsDue } from '../../domain/simulated-network.ts'
import type { InboundText, Received } from '../carrier.ts'
import { LOOK_AGAIN_MS, openAlarm } from './alarm.ts'
import { fromCarried } from './network.ts'

/** A debt of texts from phones. */
export type TextsDebt = Debt & { due: TextsDue }

/** A text on its way from a phone, with the debt that it helps to settle. */
export interface Arrival {
  text: InboundText
  times: number
  dueAt: Date
  /** Null: it goes straight through and the network owes nothing yet. */
  debt: Debt | null
}

export interface Arrivals {
  /** Whether a text that nothing delays goes straight through: no earlier one of its pair is held. */
  isClear(text: InboundText): boolean
  /** When a text that could arrive at `soonest` is due: never before a held one of its pair. */
  dueAt(text: InboundText, soonest: Date): Date
  /**
   * Delivers a text that is due, unless an earlier one of its pair is still held: then it waits behind that one, as
   * does a text that is not yet due. Throws what the house threw; the text is then owed, held too and tried again.
   */
  deliver(arrival: Arrival): Promise<Received | { kind: 'held'; until: Date }>
  /** Takes up the texts of a debt that an earlier run left. */
  resume(debt: TextsDebt): void
  /** Delivers all that is due by now, each pair in order; resolves when that is done or the house could not be reached. */
  releaseDue(): Promise<void>
  stop(): Promise<void>
}

/** Carries texts from phones to the house. Only pairs with a held text have a line; all others go straight through. */
export function openArrivals(deps: {
  clock: Clock
  receive: (text: InboundText) => Promise<Received>
  /** Logs that the network still owes the house the text. */
  owe: (arrival: Arrival) => Promise<Debt | null>
  settle: (debt: Debt) => Promise<void>
  onError: (error: unknown) => void
}): Arrivals {
  const { clock, receive, owe, settle, onError } = deps
  const lines = new Map<string, Arrival[]>()
  /** Texts of a debt that the house has not acknowledged yet. */
  const open = new Map<Debt, number>()
  const alarm = openAlarm(async () => {
    await Promise.all([...lines.keys()].map(advanceLine))
    if (lines.size > 0) alarm.within(LOOK_AGAIN_MS)
  })

  function isClear(text: InboundText): boolean {
    return lines.size === 0 || !lines.has(pairOf(text))
  }

  function dueAt(text: InboundText, soonest: Date): Date {
    const last = isClear(text) ? undefined : lines.get(pairOf(text))?.at(-1)
    return last && last.dueAt > soonest ? last.dueAt : soonest
  }

  async function deliver(arrival: Arrival): Promise<Received | { kind: 'held'; until: Date }> {
    const until = dueAt(arrival.text, arrival.dueAt)
    if (!isClear(arrival.text) || until > clock.world()) {
      hold({ ...arrival, dueAt: until })
      return { kind: 'held', until }
    }
    try {
      return await handOver(arrival)
    } catch (error) {
      await holdOwed(arrival)
      throw error
    }
  }

  /** A log that is away cannot keep what is owed: then only memory does, and the phone is told of a failure anyway. */
  async function holdOwed(arrival: Arrival): Promise<void> {
    const held = { ...arrival }
    hold(held)
    if (held.debt === null) held.debt = await owe(arrival).catch(onNone)
  }

  function onNone(error: unknown): null {
    onError(error)
    return null
  }

  function hold(arrival: Arrival): void {
    const pair = pairOf(arrival.text)
    const line = lines.get(pair)
    if (line) line.push(arrival)
    else lines.set(pair, [arrival])
    alarm.within(Math.min(Math.max(arrival.dueAt.getTime() - clock.world().getTime(), 0), LOOK_AGAIN_MS))
  }

  async function advanceLine(pair: string): Promise<void> {
    const line = lines.get(pair) ?? []
    for (let first = line[0]; first && first.dueAt <= clock.world(); first = line[0]) {
      try {
        await handOver(first)
      } catch (error) {
        return onError(error)
      }
      line.shift()
    }
    if (line.length === 0) lines.delete(pair)
  }

  async function handOver({ text, times, debt }: Arrival): Promise<Received> {
    const received = await receive(text)
    for (let time = 1; time < times; time += 1) await receive(text)
    if (debt) acknowledge(debt)
    return received
  }

  function acknowledge(debt: Debt): void {
    const left = (open.get(debt) ?? (debt.due.kind === 'texts' ? debt.due.texts.length : 1)) - 1
    if (left > 0) {
      open.set(debt, left)
    } else {
      open.delete(debt)
      // Nobody waits for the log to forget: what it still holds after a crash is only delivered once more.
      settle(debt).catch(onError)
    }
  }

  return {
    isClear,
    dueAt,
    deliver,
    resume(debt) {
      const { times } = debt.due
      for (const text of debt.due.texts) hold({ text: fromCarried(text), times, dueAt: debt.dueAt, debt })
    },
    releaseDue: alarm.now,
    stop: alarm.stop,
  }
}

function pairOf(text: InboundText): string {
  return `${text.person} ${text.number}`
}
