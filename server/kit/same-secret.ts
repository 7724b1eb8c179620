import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares texts in a time that tells nothing of where they differ, nor how long they are. */
export function isSameSecret(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}
