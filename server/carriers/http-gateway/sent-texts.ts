import type { OutboundText, SendResult } from '../carrier.ts'

/** Texts on their way that are remembered. */
const MAX_REMEMBERED = 50_000

/** What this node remembers of texts that it sent, for receipts that tell less or come sooner than others. */
export class SentTexts {
  /** Our numbers by the gateway's ids. */
  readonly #numbers = new Map<string, string>()
  /** The gateway's ids by our references, of texts whose receipt came before the answer that names them. */
  readonly #named = new Map<string, string>()

  /** The number that a text of this id left from, when that is remembered. */
  numberOf(carrierMessageId: string): string | null {
    return this.#numbers.get(carrierMessageId) ?? null
  }

  /** A receipt told under which id the gateway has a text. */
  name(reference: string, carrierMessageId: string): void {
    keep(this.#named, reference, carrierMessageId)
  }

  /** Remembers a text that was sent. One that was not answered, and whose receipt came meanwhile, was taken. */
  heed({ reference, number }: OutboundText, result: SendResult): SendResult {
    const named = this.#named.get(reference)
    this.#named.delete(reference)
    const known: SendResult = result.kind === 'unknown' && named ? { kind: 'taken', carrierMessageId: named } : result
    if (known.kind !== 'taken') return known
    for (const id of [known.carrierMessageId, ...(known.otherPartIds ?? [])]) keep(this.#numbers, id, number)
    return known
  }
}

function keep(memory: Map<string, string>, key: string, value: string): void {
  if (memory.size >= MAX_REMEMBERED) memory.delete(memory.keys().next().value ?? '')
  memory.set(key, value)
}
