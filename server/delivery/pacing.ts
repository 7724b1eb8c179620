import { Pace } from '../kit/pace.ts'

/** A limit on segments a second, by a name of its own; null: none. */
export interface Limit {
  name: string
  perSecond: number | null
}

/** Paces that are kept; the one used least recently goes first, and begins anew. */
const MAX_PACES = 20_000

/** Keeps what leaves within limits by name, such as those of numbers and accounts, on this node. */
export class Pacing {
  readonly #nowMs: () => number
  readonly #paces = new Map<string, { pace: Pace; perSecond: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** Milliseconds until one more may leave; 0: now. */
  waitMs(limit: Limit): number {
    return this.#paceOf(limit)?.waitMs() ?? 0
  }

  /** Counts what leaves: it may be more than one, and those after it wait so much longer. */
  take(limit: Limit, segments: number): void {
    this.#paceOf(limit)?.take(segments)
  }

  #paceOf({ name, perSecond }: Limit): Pace | null {
    const kept = this.#paces.get(name)
    if (perSecond === null) {
      if (kept) this.#paces.delete(name)
      return null
    }
    const same = kept?.perSecond === perSecond ? kept : undefined
    const used = same ?? { pace: new Pace({ maxPerSecond: perSecond, nowMs: this.#nowMs }), perSecond }
    this.#paces.delete(name)
    this.#paces.set(name, used)
    if (this.#paces.size > MAX_PACES) this.#paces.delete(this.#paces.keys().next().value ?? '')
    return used.pace
  }
}
