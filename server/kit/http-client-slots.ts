/** A bound on how many holders there are at once for each key; more wait in line. */
export interface Slots {
  /** Resolves when the key has a free slot, which the caller then holds. */
  claim(key: string): Promise<void> | undefined
  /** Hands the slot to the next in line. */
  release(key: string): void
}

/** Makes slots, `perKey` for each key. A key that nobody holds takes no memory. */
export function createSlots(perKey: number): Slots {
  const lines = new Map<string, { held: number; waiting: (() => void)[] }>()
  return {
    claim(key) {
      const line = lines.get(key)
      if (!line) {
        lines.set(key, { held: 1, waiting: [] })
        return undefined
      }
      if (line.held < perKey) {
        line.held++
        return undefined
      }
      return new Promise(resolve => line.waiting.push(resolve))
    },
    release(key) {
      const line = lines.get(key)
      if (!line) return
      const next = line.waiting.shift()
      if (next) next()
      else if (--line.held === 0) lines.delete(key)
    },
  }
}
