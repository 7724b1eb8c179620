import { createHash } from 'node:crypto'

/** How long a text that may come again is waited for, and how many are. */
const WAIT_MS = 60 * 60 * 1000
const MAX_WAITING = 10_000

/**
 * Names texts of gateways that give them nothing that tells them apart. Two requests that say the same are two texts,
 * unless the first was not surely answered: then the next one that says the same has its name, once.
 */
export class EventNames {
  readonly #waiting = new Map<string, { name: string; sinceMs: number }>()
  readonly #newId: () => string
  readonly #nowMs: () => number

  constructor(newId: () => string, nowMs: () => number) {
    this.#newId = newId
    this.#nowMs = nowMs
  }

  /** The name of a text, from the bytes that told it and its place among them. */
  nameOf(body: Buffer, at: number): string {
    const key = keyOf(body, at)
    const waiting = this.#waiting.get(key)
    if (waiting && this.#nowMs() - waiting.sinceMs < WAIT_MS) return waiting.name
    const name = `${key.slice(0, 24)}-${this.#newId()}`
    if (this.#waiting.size >= MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value ?? '')
    this.#waiting.set(key, { name, sinceMs: this.#nowMs() })
    return name
  }

  /** The gateway read our answer: what says the same from now on is another text. */
  answered(body: Buffer, count: number): void {
    for (let at = 0; at < count; at++) this.#waiting.delete(keyOf(body, at))
  }
}

function keyOf(body: Buffer, at: number): string {
  return createHash('sha256').update(`${at} `).update(body).digest('hex')
}
