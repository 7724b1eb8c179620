import type { CarrierMemory, TextPart } from '../../server/domain/carrier-memory.ts'

/** What a carrier keeps, in memory: it outlives the carriers over it. */
export function memoryOfCarrier(): CarrierMemory & { parts: TextPart[]; doubts: Set<string> } {
  const parts: TextPart[] = []
  const doubts = new Set<string>()
  const isSame = (one: TextPart, other: TextPart) =>
    one.key === other.key && one.generation === other.generation && one.part === other.part
  return {
    parts,
    doubts,
    async keepPart(part) {
      if (parts.some(each => isSame(each, part))) return false
      parts.push({ ...part })
      return true
    },
    partsOf: async key => parts.filter(part => part.key === key),
    waitingTexts: async () => parts.filter(part => part.doneAt === null),
    async finishParts(key, generation, at) {
      for (const part of parts) if (part.key === key && part.generation === generation) part.doneAt ??= at
    },
    doubtful: async () => [...doubts],
    async doubt(names) {
      for (const name of names) doubts.add(name)
    },
    async trust(names) {
      for (const name of names) doubts.delete(name)
    },
    async settle() {},
    async forget() {},
  }
}
