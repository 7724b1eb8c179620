import { septetsOf } from '../../domain/gsm7.ts'
import { encodingOf } from '../../domain/segments.ts'
import type { SmppSettings } from '../../domain/smpp-settings.ts'
import { encodeGsm7, encodeUcs2, isLatin1 } from './alphabets.ts'
import { HAS_HEADER, header8, header16 } from './concatenation.ts'

/** What of a submit_sm tells the text. */
export interface ComposedPart {
  esm_class: number
  data_coding: number
  short_message: Buffer
  message_payload?: Buffer
  sar_msg_ref_num?: number
  sar_total_segments?: number
  sar_segment_seqnum?: number
}

/** An alphabet of one carrier: what a character takes, and how much fits alone and as a part, in the same unit. */
interface Spelling {
  dataCoding: number
  sizeOf(text: string, at: number): number
  encode(text: string): Buffer
  alone: number
  part8: number
  part16: number
}

const MAX_PARTS = 255
const MAX_PAYLOAD_BYTES = 65_535

/** A text that no number of parts can carry. */
export class TooLong extends Error {}

/** Cuts a text into what is submitted; several parts share the reference. Throws `TooLong`. */
export function compose(body: string, settings: SmppSettings, reference: number): ComposedPart[] {
  const spelling = spellingOf(body, settings)
  const how = settings.concatenation ?? 'udh8'
  const plain = { esm_class: 0, data_coding: spelling.dataCoding }
  const whole = cut(body, spelling, spelling.alone)
  if (whole.length === 1) return [{ ...plain, short_message: spelling.encode(body) }]
  if (how === 'payload') {
    const payload = spelling.encode(body)
    if (payload.length > MAX_PAYLOAD_BYTES) throw new TooLong(`A text of ${payload.length} bytes is too long.`)
    return [{ ...plain, short_message: Buffer.alloc(0), message_payload: payload }]
  }
  const pieces = cut(body, spelling, how === 'udh16' ? spelling.part16 : spelling.part8)
  const total = pieces.length
  if (total > MAX_PARTS) throw new TooLong(`A text of ${total} parts is too long.`)
  return pieces.map((piece, at) => {
    const octets = spelling.encode(piece)
    if (how === 'sar') {
      return {
        ...plain,
        short_message: octets,
        sar_msg_ref_num: reference & 0xffff,
        sar_total_segments: total,
        sar_segment_seqnum: at + 1,
      }
    }
    const header = (how === 'udh16' ? header16 : header8)(reference, total, at + 1)
    return { ...plain, esm_class: HAS_HEADER, short_message: Buffer.concat([header, octets]) }
  })
}

/** GSM-7 when it has every character, then Latin-1 where the carrier takes it, else UCS-2. */
function spellingOf(body: string, { dataCoding = {}, defaultAlphabet = 'gsm7' }: SmppSettings): Spelling {
  const gsm7 = dataCoding.gsm7 ?? (defaultAlphabet === 'gsm7' ? 0 : undefined)
  if (gsm7 !== undefined && encodingOf(body) === 'gsm7') {
    const sizeOf = (text: string, at: number) => septetsOf(text.charCodeAt(at))
    return { dataCoding: gsm7, sizeOf, encode: encodeGsm7, alone: 160, part8: 153, part16: 152 }
  }
  const latin1 = dataCoding.latin1 ?? (defaultAlphabet === 'latin1' ? 0 : undefined)
  if (latin1 !== undefined && isLatin1(body)) {
    const encode = (text: string) => Buffer.from(text, 'latin1')
    return { dataCoding: latin1, sizeOf: () => 1, encode, alone: 140, part8: 134, part16: 133 }
  }
  return { dataCoding: dataCoding.ucs2 ?? 8, sizeOf: unitsAt, encode: encodeUcs2, alone: 70, part8: 67, part16: 66 }
}

/** 2 for a surrogate pair, 1 for anything else. */
function unitsAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1
}

/** Pieces of at most this size, in order; no surrogate pair and no escape pair is split. */
function cut(text: string, { sizeOf }: Spelling, capacity: number): string[] {
  const pieces: string[] = []
  let begins = 0
  let filled = 0
  for (let at = 0; at < text.length; at += unitsAt(text, at)) {
    const size = sizeOf(text, at)
    if (filled + size > capacity) {
      pieces.push(text.slice(begins, at))
      begins = at
      filled = 0
    }
    filled += size
  }
  return [...pieces, text.slice(begins)]
}
