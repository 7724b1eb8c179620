import { createHash } from 'node:crypto'
import type { CarrierMemory, TextPart } from '../../domain/carrier-memory.ts'
import type { Clock } from '../../domain/clock.ts'
import type { InboundText, Received } from '../carrier.ts'
import { type Alphabet, decodeAs } from './alphabets.ts'

/** Stands where a part is missing. */
const GAP = '[…]'
/** Another node may take a place at the same moment. */
const KEEP_TRIES = 5

export interface NewPart extends Omit<TextPart, 'key' | 'generation' | 'arrivedAt' | 'doneAt'> {
  reference: string
}

/** Puts long texts together, whatever the order in which their parts come, from parts that are kept as they come. */
export class LongTexts {
  readonly #memory: CarrierMemory
  readonly #clock: Clock
  readonly #partsWithinMs: number
  readonly #alphabet: (dataCoding: number) => Alphabet
  readonly #receive: (text: InboundText) => Promise<Received>

  constructor(deps: {
    memory: CarrierMemory
    clock: Clock
    partsWithinMs: number
    alphabet: (dataCoding: number) => Alphabet
    receive: (text: InboundText) => Promise<Received>
  }) {
    this.#memory = deps.memory
    this.#clock = deps.clock
    this.#partsWithinMs = deps.partsWithinMs
    this.#alphabet = deps.alphabet
    this.#receive = deps.receive
  }

  /** Keeps a part and hands its text on when it was the last one missing. Null while parts are missing. */
  async take({ reference, ...part }: NewPart): Promise<Received | null> {
    const key = `${part.person} ${part.number} ${reference} ${part.total}`
    for (let tries = 1; ; tries++) {
      const known = await this.#memory.partsOf(key)
      const again = known.find(each => each.name === part.name)
      if (again?.doneAt) return null
      const generation = again?.generation ?? generationFor(known, part)
      const text = known.filter(each => each.generation === generation)
      if (!text.some(each => each.part === part.part)) {
        const kept: TextPart = { ...part, key, generation, arrivedAt: this.#clock.world(), doneAt: null }
        if (!(await this.#memory.keepPart(kept))) {
          if (tries >= KEEP_TRIES) throw new Error('The place of a part is taken again and again.')
          continue
        }
        text.push(kept)
      }
      return text.length === part.total ? this.#handOn(text) : null
    }
  }

  /** Hands on a text that is whole after all, or that was waited for long enough: as far as it is known, marked. */
  async look({ key, generation }: Pick<TextPart, 'key' | 'generation'>): Promise<void> {
    const known = await this.#memory.partsOf(key)
    const parts = known.filter(part => part.generation === generation && part.doneAt === null)
    const [first] = parts
    if (!first) return
    if (parts.length === first.total) {
      await this.#handOn(parts)
      return
    }
    const now = this.#clock.world()
    const lastAt = Math.max(...parts.map(part => part.arrivedAt.getTime()))
    if (now.getTime() - lastAt < this.#partsWithinMs) return
    const isRepeat = parts.every(part => known.some(each => each.doneAt !== null && isSame(each, part)))
    if (isRepeat) await this.#memory.finishParts(key, generation, now)
    else await this.#handOn(parts)
  }

  async #handOn(parts: TextPart[]): Promise<Received | null> {
    const [first] = parts
    if (!first) return null
    const { person, number, total, key, generation } = first
    const missing = total - parts.length
    const received = await this.#receive({
      carrierMessageId: idOf(parts),
      person,
      number,
      others: [],
      body: this.#join(parts, total),
      media: [],
      ...(missing > 0 && { missingParts: missing }),
    })
    await this.#memory.finishParts(key, generation, this.#clock.world())
    return received
  }

  /** Octets that follow each other are joined before they are read: a character may be cut between parts. */
  #join(parts: TextPart[], total: number): string {
    const byPlace = new Map(parts.map(part => [part.part, part]))
    let body = ''
    let run: TextPart[] = []
    const readRun = () => {
      const [first] = run
      if (first) body += decodeAs(this.#alphabet(first.dataCoding), Buffer.concat(run.map(part => part.bytes)))
      run = []
    }
    for (let place = 1; place <= total; place++) {
      const part = byPlace.get(place)
      if (!part || (run[0] && run[0].dataCoding !== part.dataCoding)) readRun()
      if (part) run.push(part)
      else if (!body.endsWith(GAP)) body += GAP
    }
    readRun()
    return body
  }
}

/** The text that a part belongs to: the one that waits for it, else a new one. */
function generationFor(known: TextPart[], part: Pick<TextPart, 'part' | 'bytes'>): number {
  const last = Math.max(-1, ...known.map(each => each.generation))
  const open = known.filter(each => each.generation === last && each.doneAt === null)
  if (open.length === 0) return last + 1
  const there = open.find(each => each.part === part.part)
  return !there || Buffer.from(there.bytes).equals(part.bytes) ? last : last + 1
}

function isSame(one: TextPart, other: TextPart): boolean {
  return one.part === other.part && Buffer.from(one.bytes).equals(other.bytes)
}

/** The same for the same text for ever, and never that of another. */
function idOf(parts: TextPart[]): string {
  const names = parts.map(part => part.name).sort()
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 32)
}
