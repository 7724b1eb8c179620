import { createHash } from 'node:crypto'

/** How long a text that may come again is waited for, and how many are. */
const WAIT_MS = 60 * 60 * 1000
const MAX_WAITING = 10_000
/** No gateway gives a request up sooner: what says the same while one is taken is another text until then. */
const SOONEST_REPEAT_MS = 2000

interface Waiting {
  key: string
  name: string
  sinceMs: number
  /** The request that told it is being taken; else it failed, or its answer may not have been read. */
  isOpen: boolean
}

/**
 * Names texts of gateways that give them nothing that tells them apart. Two requests that say the same are two texts,
 * unless the first was not surely answered: then the next one that says the same has its name, once.
 */
export class EventNames {
  readonly #waiting = new Set<Waiting>()
  readonly #byKey = new Map<string, Waiting[]>()
  readonly #newId: () => string
  readonly #nowMs: () => number

  constructor(newId: () => string, nowMs: () => number) {
    this.#newId = newId
    this.#nowMs = nowMs
  }

  /** The name of a text, from the bytes that told it and its place among them. */
  open(body: Buffer, at: number): string {
    const key = createHash('sha256').update(`${at} `).update(body).digest('hex')
    const repeated = this.#byKey.get(key)?.find(each => this.#mayRepeat(each))
    if (repeated) {
      repeated.isOpen = true
      return repeated.name
    }
    const [oldest] = this.#waiting
    if (oldest && this.#waiting.size >= MAX_WAITING) this.#forget(oldest)
    const waiting = { key, name: `${key.slice(0, 24)}-${this.#newId()}`, sinceMs: this.#nowMs(), isOpen: true }
    this.#waiting.add(waiting)
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), waiting])
    return waiting.name
  }

  /** The request that told these ended. Answered ones do not come again. */
  close(names: string[], isAnswered: boolean): void {
    for (const waiting of this.#waiting) {
      if (!names.includes(waiting.name)) continue
      waiting.isOpen = false
      if (isAnswered) this.#forget(waiting)
    }
  }

  #mayRepeat({ isOpen, sinceMs }: Waiting): boolean {
    const ageMs = this.#nowMs() - sinceMs
    return ageMs < WAIT_MS && (!isOpen || ageMs >= SOONEST_REPEAT_MS)
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting)
    const others = this.#byKey.get(waiting.key)?.filter(each => each !== waiting) ?? []
    if (others.length > 0) this.#byKey.set(waiting.key, others)
    else this.#byKey.delete(waiting.key)
  }
}
