import type { CarrierLedger, ImportedNumber, UnknownText } from '../../server/domain/carrier-ledger.ts'

export interface MemoryLedger extends CarrierLedger {
  /** Texts of ours by the carrier's id, and whether each has come to its end. */
  sent: Map<string, boolean>
  unknown: UnknownText[]
  /** References of texts, and under which id they turned out to be taken. */
  resolved: [string, string][]
  numbers: ImportedNumber[]
  madeAt: Date
  through: Date | null
}

/** What a house has written down of a carrier's texts, in memory. */
export function memoryLedger(house: { received: { carrierMessageId: string }[] }): MemoryLedger {
  const ledger: MemoryLedger = {
    sent: new Map(),
    unknown: [],
    resolved: [],
    numbers: [],
    madeAt: new Date(Date.now() - 60_000),
    through: null,
    async missing(ids) {
      const seen = new Set(house.received.map(text => text.carrierMessageId))
      return new Set(ids.filter(id => !seen.has(id)))
    },
    unfinished: async ids => new Set(ids.filter(id => ledger.sent.get(id) === false)),
    ours: async ids => new Set(ids.filter(id => ledger.sent.has(id))),
    unknownTexts: async () => [...ledger.unknown],
    async resolve(reference, resolution) {
      if (!ledger.unknown.some(text => text.reference === reference)) return
      ledger.unknown = ledger.unknown.filter(text => text.reference !== reference)
      ledger.resolved.push([reference, resolution.kind === 'taken' ? resolution.carrierMessageId : 'not taken'])
      if (resolution.kind === 'taken') ledger.sent.set(resolution.carrierMessageId, false)
    },
    importedNumbers: async () => ledger.numbers,
    readThrough: async () => ({ through: ledger.through ?? ledger.madeAt, madeAt: ledger.madeAt }),
    async keepReadThrough(at) {
      if (!ledger.through || at > ledger.through) ledger.through = at
    },
  }
  return ledger
}
