import type { CarrierLedger } from '../../domain/carrier-ledger.ts'
import type { OutboundText, SendResult } from '../carrier.ts'

/** Texts on their way that are remembered. */
const MAX_REMEMBERED = 50_000
/** A text whose receipt came first is in doubt after that time or not at all. */
const NAMED_FOR_MS = 10 * 60 * 1000

/** What this node remembers of texts on their way, for receipts that tell less or come sooner than others. */
export class SentTexts {
  readonly #nowMs: () => number
  /** Our numbers by the gateway's ids. */
  readonly #numbers = new Map<string, string>()
  /** By our references: texts whose receipt came before the answer that names them. */
  readonly #named = new Map<string, { carrierMessageId: string; sinceMs: number }>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** The number that a text of this id left from, when that is remembered. */
  numberOf(carrierMessageId: string): string | null {
    return this.#numbers.get(carrierMessageId) ?? null
  }

  /** A receipt told under which id the gateway has a text. */
  name(reference: string, carrierMessageId: string): void {
    keep(this.#named, reference, { carrierMessageId, sinceMs: this.#nowMs() })
  }

  /** Remembers a text that was sent. One that was not answered, and whose receipt came meanwhile, was taken. */
  heed({ reference, number }: OutboundText, result: SendResult): SendResult {
    const named = this.#named.get(reference)?.carrierMessageId
    this.#named.delete(reference)
    const known: SendResult = result.kind === 'unknown' && named ? { kind: 'taken', carrierMessageId: named } : result
    if (known.kind !== 'taken') return known
    for (const id of [known.carrierMessageId, ...(known.otherPartIds ?? [])]) keep(this.#numbers, id, number)
    return known
  }

  /** Tells of named texts that were taken, should they be in doubt by now: sent by another node, or before a crash. */
  async resolveNamed(ledger: CarrierLedger): Promise<void> {
    for (const [reference, { carrierMessageId, sinceMs }] of [...this.#named]) {
      await ledger.resolve(reference, { kind: 'taken', carrierMessageId })
      const isKnown = (await ledger.ours([carrierMessageId])).has(carrierMessageId)
      if (isKnown || this.#nowMs() - sinceMs > NAMED_FOR_MS) this.#named.delete(reference)
    }
  }
}

function keep<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  if (memory.size >= MAX_REMEMBERED) memory.delete(memory.keys().next().value ?? '')
  memory.set(key, value)
}
