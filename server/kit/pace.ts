/** How fast something may go that answers "too fast" when it has had enough. */
export interface PaceOptions {
  /** The most in a second; none: as fast as it goes until it is told to slow down. */
  maxPerSecond: number | null
  /** Machine time in milliseconds. */
  nowMs(): number
}

const SLOWEST_PER_SECOND = 1
/** How long after it was told to slow down it begins to speed up, and by how much a second. */
const CALM_MS = 1000
const SPEED_UP = 1.2
/** What is left unused may be used in one go, up to what would be a tenth of a second. */
const BURST_SECONDS = 0.1

/**
 * Allows so many a second. Told to slow down it halves what really went through; then it speeds up by a fifth a second
 * until it is told again. Without a limit of its own it is free again once it goes as fast as it ever went.
 */
export class Pace {
  readonly #options: PaceOptions
  #perSecond: number
  #allowed = 1
  #lookedAtMs: number
  #slowedAtMs = 0
  #spedUpAtMs = 0
  #countedFromMs: number
  #counted = 0
  #fastest = 0

  constructor(options: PaceOptions) {
    this.#options = options
    this.#perSecond = options.maxPerSecond ?? Number.POSITIVE_INFINITY
    this.#lookedAtMs = this.#countedFromMs = options.nowMs()
  }

  /**
   * Takes one when it may go now: 0, else the milliseconds until it is worth asking again. What counts as several goes
   * when one may, and those after it wait so much longer.
   */
  take(count = 1): number {
    const waitMs = this.waitMs()
    if (waitMs > 0) return waitMs
    if (this.#perSecond !== Number.POSITIVE_INFINITY) this.#allowed -= count
    this.#counted += count
    return 0
  }

  /** The milliseconds until one may go; 0: now. */
  waitMs(): number {
    const nowMs = this.#options.nowMs()
    this.#speedUp(nowMs)
    this.#count(nowMs)
    if (this.#perSecond === Number.POSITIVE_INFINITY) return 0
    const most = Math.max(1, this.#perSecond * BURST_SECONDS)
    this.#allowed = Math.min(most, this.#allowed + ((nowMs - this.#lookedAtMs) / 1000) * this.#perSecond)
    this.#lookedAtMs = nowMs
    return this.#allowed < 1 ? Math.ceil(((1 - this.#allowed) / this.#perSecond) * 1000) : 0
  }

  /** It was too fast. What was under way and is told the same again within a moment counts as one. */
  slowDown(): void {
    const nowMs = this.#options.nowMs()
    if (nowMs - this.#slowedAtMs < CALM_MS / 4 && this.#slowedAtMs > 0) return
    const spanMs = Math.max(nowMs - this.#countedFromMs, 100)
    const went = Math.max(this.#fastest, (this.#counted / spanMs) * 1000)
    const before = Math.min(this.#perSecond, went || SLOWEST_PER_SECOND)
    this.#perSecond = Math.max(SLOWEST_PER_SECOND, before / 2)
    this.#fastest = Math.max(this.#fastest, before)
    this.#allowed = 0
    this.#lookedAtMs = this.#slowedAtMs = this.#spedUpAtMs = nowMs
  }

  /** Null while nothing holds it back. */
  get perSecond(): number | null {
    return this.#perSecond === Number.POSITIVE_INFINITY ? null : this.#perSecond
  }

  #count(nowMs: number): void {
    const spanMs = nowMs - this.#countedFromMs
    if (spanMs < 1000) return
    this.#fastest = Math.max((this.#counted / spanMs) * 1000, this.#fastest * 0.9)
    this.#counted = 0
    this.#countedFromMs = nowMs
  }

  #speedUp(nowMs: number): void {
    if (this.#slowedAtMs === 0 || nowMs - this.#slowedAtMs < CALM_MS) return
    const limit = this.#options.maxPerSecond ?? Number.POSITIVE_INFINITY
    const seconds = (nowMs - this.#spedUpAtMs) / 1000
    if (seconds < 0.1) return
    this.#spedUpAtMs = nowMs
    this.#perSecond = Math.min(limit, this.#perSecond * SPEED_UP ** seconds)
    if (this.#perSecond >= Math.min(limit, Math.max(this.#fastest * 2, 1000))) {
      this.#perSecond = limit
      this.#slowedAtMs = 0
    }
  }
}
