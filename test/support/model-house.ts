import { setTimeout as pause } from 'node:timers/promises'
import type { HeddleProcess } from './heddle-process.ts'
import { killHeddle, type Victim } from './kill-heddle.ts'
import type { Answer } from './test-house.ts'
import { AUTHORIZATION } from './texting-phones.ts'

const ANSWER_WITHIN_MS = 20_000
const TRY_AGAIN_MS = 50

/** A Heddle of its own process that many clients use while it is killed. */
export class ModelHouse {
  readonly heddle: HeddleProcess
  /** Resolves when what was killed is back. */
  #back: Promise<void> = Promise.resolve()

  constructor(heddle: HeddleProcess) {
    this.heddle = heddle
  }

  /** Null when no answer came, or only that something broke: nobody knows whether it was done. */
  async ask(method: string, path: string, body?: object): Promise<Answer | null> {
    try {
      const response = await fetch(this.heddle.url + path, {
        method,
        headers: { authorization: AUTHORIZATION, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const text = await response.text()
      if (response.status < 500) {
        return { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers }
      }
    } catch {
      // The connection broke: as good as no answer.
    }
    await pause(TRY_AGAIN_MS)
    await this.#back
    return null
  }

  /** Asks until there is an answer: for what may be asked twice. */
  async mustAsk(method: string, path: string, body?: object): Promise<Answer> {
    for (;;) {
      const answer = await this.ask(method, path, body)
      if (answer) return answer
    }
  }

  /** World time, in milliseconds. */
  async now(): Promise<number> {
    return Date.parse((await this.mustAsk('GET', '/simulator/clock')).body.now)
  }

  crash(victim: Victim): Promise<void> {
    this.#back = this.#back.then(() => killHeddle(this.heddle, victim))
    return this.#back
  }
}
