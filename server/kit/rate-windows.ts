/** Past so many, those that have ended are forgotten. */
const MAX_REMEMBERED = 100_000

export interface RateWindow {
  count: number
  endsMs: number
}

/** Counts what each key did in windows of one length, in memory. A key's window begins with the first thing it does. */
export class RateWindows {
  readonly #lengthMs: number
  readonly #windows = new Map<string, RateWindow>()

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  /** Counts one more; gives the window that it falls into. Who is to be punished has its end put off. */
  count(key: string, nowMs: number): RateWindow {
    const kept = this.#windows.get(key)
    const window = kept && kept.endsMs > nowMs ? kept : { count: 0, endsMs: nowMs + this.#lengthMs }
    if (window !== kept) this.#keep(key, window, nowMs)
    window.count += 1
    return window
  }

  #keep(key: string, window: RateWindow, nowMs: number): void {
    if (this.#windows.size > MAX_REMEMBERED)
      for (const [old, { endsMs }] of this.#windows) if (endsMs <= nowMs) this.#windows.delete(old)
    this.#windows.set(key, window)
  }
}
