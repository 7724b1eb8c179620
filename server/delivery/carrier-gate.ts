import type { Carrier, SendResult } from '../carriers/carrier.ts'
import type { CarrierHealth } from '../domain/carrier-health.ts'
import { Pace } from '../kit/pace.ts'
import type { CarrierLook } from './choose-carrier.ts'

/** Texts that a carrier holds at a time which does not say how many it can. */
const MANY = 1000
/** A carrier's own word on how it is counts so long. */
const HEALTH_FOR_MS = 50
/** How often a text tries whether a carrier is back that says that it is away. */
const TRY_EVERY_MS = 2000
/** How long a carrier that took none is left alone: twice as long each time. */
const FIRST_PAUSE_MS = 1000
const LAST_PAUSE_MS = 30_000

/**
 * Lets texts through to one carrier: as many at a time as it can hold, slower when it has enough, none while it is away.
 * What is not let through stays in the queue, unmarked, so that a crash leaves it in no doubt.
 */
export class CarrierGate {
  readonly #carrier: Carrier
  readonly #nowMs: () => number
  readonly #pace: Pace
  #underWay = 0
  #awaySinceMs: number | null = null
  #tryAtMs = 0
  #pausedUntilMs = 0
  #pauseMs = 0
  #health: CarrierHealth | null = null
  #healthAtMs = Number.NEGATIVE_INFINITY

  constructor(carrier: Carrier, nowMs: () => number) {
    this.#carrier = carrier
    this.#nowMs = nowMs
    this.#pace = new Pace({ maxPerSecond: null, nowMs })
  }

  look(): CarrierLook {
    const nowMs = this.#nowMs()
    const isAway = this.#healthNow(nowMs)?.isBound === false || nowMs < this.#pausedUntilMs
    if (!isAway) this.#awaySinceMs = null
    else if (this.#awaySinceMs === null) {
      this.#awaySinceMs = nowMs
      this.#tryAtMs = Math.max(nowMs + TRY_EVERY_MS, this.#pausedUntilMs)
    }
    return {
      id: this.#carrier.id,
      isMissing: false,
      isOpen: !isAway || nowMs >= this.#tryAtMs,
      awayForMs: this.#awaySinceMs === null ? 0 : nowMs - this.#awaySinceMs,
    }
  }

  /** Milliseconds until it takes one more; for ever: until one has left it. */
  waitMs(): number {
    if (this.#underWay >= this.#room()) return Number.POSITIVE_INFINITY
    return this.#pace.waitMs()
  }

  enter(): void {
    this.#underWay++
    this.#pace.take()
    if (this.#awaySinceMs !== null) this.#tryAtMs = Math.max(this.#nowMs() + TRY_EVERY_MS, this.#pausedUntilMs)
  }

  leave(): void {
    this.#underWay--
  }

  /** Learns from what came of a text. */
  heed(result: SendResult): void {
    if (result.kind === 'taken') this.#pauseMs = 0
    if (result.kind !== 'retry') return
    if (result.why === 'busy') this.#pace.slowDown()
    if (result.why === 'away') this.#pause()
  }

  /** Texts that were under way when it went away all tell so: that counts once. */
  #pause(): void {
    const nowMs = this.#nowMs()
    if (nowMs < this.#pausedUntilMs) return
    this.#pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2), LAST_PAUSE_MS)
    this.#pausedUntilMs = nowMs + this.#pauseMs
    this.#awaySinceMs ??= nowMs
    this.#tryAtMs = this.#pausedUntilMs
  }

  /** One that is held to a rate needs no more than it takes in a second. */
  #room(): number {
    const most = this.#carrier.mayHold?.() ?? MANY
    const perSecond = this.#healthNow(this.#nowMs())?.perSecond ?? null
    return Math.max(1, perSecond === null ? most : Math.min(most, Math.ceil(perSecond)))
  }

  #healthNow(nowMs: number): CarrierHealth | null {
    if (nowMs - this.#healthAtMs >= HEALTH_FOR_MS) {
      this.#health = this.#carrier.health?.() ?? null
      this.#healthAtMs = nowMs
    }
    return this.#health
  }
}
