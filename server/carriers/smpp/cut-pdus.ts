import { BadPdu, HEADER_BYTES, MAX_PDU_BYTES } from './pdu.ts'

/**
 * Cuts a stream into whole units, however TCP cut or joined them. Each call takes what came and answers the units that
 * are complete now. Throws `BadPdu` when a length can't be right: where the next unit begins is not known then.
 */
export function openCutter(): (chunk: Buffer) => Buffer[] {
  let rest: Buffer[] = []
  let restBytes = 0
  let needed = 4

  return chunk => {
    rest.push(chunk)
    restBytes += chunk.length
    if (restBytes < needed) return []
    const bytes = rest.length === 1 ? chunk : Buffer.concat(rest)
    const units: Buffer[] = []
    let at = 0
    needed = 4
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32BE(at)
      if (length < HEADER_BYTES || length > MAX_PDU_BYTES) throw new BadPdu(`A unit of ${length} bytes.`)
      if (bytes.length - at < length) {
        needed = length
        break
      }
      units.push(bytes.subarray(at, at + length))
      at += length
    }
    rest = at < bytes.length ? [bytes.subarray(at)] : []
    restBytes = bytes.length - at
    return units
  }
}
