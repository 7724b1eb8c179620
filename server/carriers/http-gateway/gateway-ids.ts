import { createHash } from 'node:crypto'

/** No index holds a text of any length. */
const LONGEST_ID = 200

/** An id of the gateway's as we keep it: long ones by their hash, the same wherever they come from. */
export function keptId(id: string): string {
  return id.length > LONGEST_ID ? createHash('sha256').update(id).digest('hex') : id
}
