/** Which texts that came in may come again: an SMSC gives them no ids, so they are named here. */
import { createHash } from 'node:crypto'
import type { Delivered } from './pdu.ts'

/** Texts whose answer is in doubt and that are remembered, and for how long in machine time. */
const MAX_DOUBTS = 100_000
const DOUBT_MS = 60 * 60 * 1000

/**
 * Names texts that come in. A text is named by what it says and a counter, so two texts that say the same are two. Only
 * when a link broke before our answer was surely read does the next text that says the same get the same name, once:
 * the house then knows whether it has it.
 */
export class Deliveries {
  readonly #run: string
  readonly #nowMs: () => number
  readonly #doubts = new Map<string, { name: string; untilMs: number }[]>()
  /** Names of texts that came again. */
  readonly #repeats = new Set<string>()
  #doubtCount = 0
  #counter = 0

  /** `run` is what no other run of the program has. */
  constructor(run: string, nowMs: () => number) {
    this.#run = run
    this.#nowMs = nowMs
  }

  name(text: Delivered): string {
    const hash = hashOf(text)
    const again = this.#takeDoubt(hash)
    if (again !== null) this.#repeats.add(again)
    return again ?? `${hash}-${this.#run}-${(++this.#counter).toString(36)}`
  }

  /** The SMSC surely heard that we have this text. Whether it was in doubt before. */
  settle(name: string): boolean {
    return this.#repeats.delete(name)
  }

  /** The SMSC may not have heard that we have this text, and may send it again. */
  doubt(name: string): void {
    this.#repeats.delete(name)
    if (this.#doubtCount >= MAX_DOUBTS) this.#forgetOldest()
    const hash = name.slice(0, HASH_LENGTH)
    const doubt = { name, untilMs: this.#nowMs() + DOUBT_MS }
    const same = this.#doubts.get(hash)
    if (same?.some(each => each.name === name)) return
    if (same) same.push(doubt)
    else this.#doubts.set(hash, [doubt])
    this.#doubtCount++
  }

  #takeDoubt(hash: string): string | null {
    const same = this.#doubts.get(hash)
    if (!same) return null
    const first = same.shift()
    this.#doubtCount--
    if (same.length === 0) this.#doubts.delete(hash)
    if (!first) return null
    return first.untilMs > this.#nowMs() ? first.name : this.#takeDoubt(hash)
  }

  #forgetOldest(): void {
    const [hash, same] = this.#doubts.entries().next().value ?? []
    if (hash === undefined || !same) return
    this.#doubts.delete(hash)
    this.#doubtCount -= same.length
  }
}

const HASH_LENGTH = 32

function hashOf({ source, destination, esmClass, dataCoding, bytes, tlvs }: Delivered): string {
  const hash = createHash('sha256').update(`${source}\0${destination}\0${esmClass}\0${dataCoding}\0`).update(bytes)
  // Parts that SAR parameters number may say the same.
  for (const tag of [0x020c, 0x020e, 0x020f]) {
    const value = tlvs.get(tag)
    if (value) hash.update(value)
  }
  return hash.digest('hex').slice(0, HASH_LENGTH)
}
