/**
 * How a text is cut into short messages: 140 octets each, of which 6 name the part when there are several.
 * Source: 3GPP TS 23.040, 9.2.3.24.1; Twilio, "What is the SMS character limit?".
 */
import { septetsOf } from './gsm7.ts'

export type Encoding = 'gsm7' | 'ucs2'

/** In septets for GSM-7, in UTF-16 code units for UCS-2. */
const CAPACITY = {
  gsm7: { alone: 160, part: 153 },
  ucs2: { alone: 70, part: 67 },
} as const

/** GSM-7 when its alphabet has every character of the text, else UCS-2 for all of it. */
export function encodingOf(text: string): Encoding {
  for (let i = 0; i < text.length; i++) {
    if (septetsOf(text.charCodeAt(i)) === 0) return 'ucs2'
  }
  return 'gsm7'
}

/** How many segments a text is sent and billed as; an empty one (of an MMS) counts as 1. */
export function countSegments(text: string): number {
  return cuts(text).length + 1
}

/** The text as its segments, in order; joined they are the text. No escape pair and no surrogate pair is split. */
export function splitIntoSegments(text: string): string[] {
  const ends = [...cuts(text), text.length]
  return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end))
}

/** The places in the text where a further segment begins. */
function cuts(text: string): number[] {
  const encoding = encodingOf(text)
  const { alone, part } = CAPACITY[encoding]
  if (sizeOf(text, encoding) <= alone) return []
  const found: number[] = []
  let filled = 0
  for (let i = 0; i < text.length; i += lengthAt(text, i)) {
    const size = encoding === 'gsm7' ? septetsOf(text.charCodeAt(i)) : lengthAt(text, i)
    if (filled + size > part) {
      found.push(i)
      filled = 0
    }
    filled += size
  }
  return found
}

function sizeOf(text: string, encoding: Encoding): number {
  if (encoding === 'ucs2') return text.length
  let septets = 0
  for (let i = 0; i < text.length; i++) septets += septetsOf(text.charCodeAt(i))
  return septets
}

/** 2 for a surrogate pair, 1 for anything else. */
function lengthAt(text: string, index: number): number {
  return text.codePointAt(index)! > 0xffff ? 2 : 1
}
