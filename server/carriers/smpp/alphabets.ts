import { GSM7_BASIC, GSM7_ESCAPE, GSM7_EXTENSION } from '../../domain/gsm7.ts'

/** How a text is spelled in octets. `binary` is what we can't read. */
export type Alphabet = 'gsm7' | 'latin1' | 'cyrillic' | 'hebrew' | 'ucs2' | 'ascii' | 'binary'

const SEPTETS = new Map([...GSM7_BASIC].map((character, septet) => [character, septet]))
const EXTENDED = new Map([...GSM7_EXTENSION].map(([character, septet]) => [septet, character]))

/** GSM 03.38, one septet an octet, as SMPP carries it. Characters outside of the alphabet become question marks. */
export function encodeGsm7(text: string): Buffer {
  const octets: number[] = []
  for (const character of text) {
    const septet = SEPTETS.get(character)
    const extended = GSM7_EXTENSION.get(character)
    if (septet !== undefined && septet !== GSM7_ESCAPE) octets.push(septet)
    else if (extended !== undefined) octets.push(GSM7_ESCAPE, extended)
    else octets.push(0x3f)
  }
  return Buffer.from(octets)
}

/** An escape before a septet that the extension table lacks is left out, as phones do. Source: 3GPP TS 23.038, 6.2.1.1. */
export function decodeGsm7(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    const septet = bytes[at]!
    if (septet === GSM7_ESCAPE) {
      const next = bytes[++at]
      if (next !== undefined) text += EXTENDED.get(next) ?? GSM7_BASIC[next] ?? '\ufffd'
    } else {
      text += GSM7_BASIC[septet] ?? '\ufffd'
    }
  }
  return text
}

export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

export function decodeUcs2(bytes: Uint8Array): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return even.swap16().toString('utf16le')
}

/** Latin-1 has the first 256 characters of Unicode and no more. */
export function isLatin1(text: string): boolean {
  return /^[\0-\xff]*$/.test(text)
}

export function decodeAs(alphabet: Alphabet, bytes: Uint8Array): string {
  switch (alphabet) {
    case 'gsm7':
      return decodeGsm7(bytes)
    case 'ucs2':
      return decodeUcs2(bytes)
    case 'cyrillic':
      return new TextDecoder('iso-8859-5').decode(bytes)
    case 'hebrew':
      return new TextDecoder('iso-8859-8').decode(bytes)
    case 'latin1':
    case 'ascii':
    case 'binary':
      return Buffer.from(bytes).toString('latin1')
    default:
      return alphabet satisfies never
  }
}

/**
 * The alphabet that a data_coding means. Below 0x10 SMPP says; in groups with a message class, and in those that a phone is
 * to delete by itself, two bits do; what is reserved is the default. Source: SMPP 3.4, 5.2.19; 3GPP TS 23.038, 4.
 */
export function alphabetOf(dataCoding: number, defaultAlphabet: 'gsm7' | 'latin1'): Alphabet {
  if (dataCoding < 0x10) return dataCoding === 0 ? defaultAlphabet : (ALPHABETS[dataCoding] ?? 'latin1')
  if (dataCoding >= 0xf0) return dataCoding & 0x04 ? 'binary' : defaultAlphabet
  if (dataCoding >= 0xc0) return (dataCoding & 0xf0) === 0xe0 ? 'ucs2' : defaultAlphabet
  return (dataCoding < 0x80 && GROUP_ALPHABETS[(dataCoding >> 2) & 3]) || defaultAlphabet
}

const ALPHABETS: Record<number, Alphabet> = {
  1: 'ascii',
  2: 'binary',
  3: 'latin1',
  4: 'binary',
  6: 'cyrillic',
  7: 'hebrew',
  8: 'ucs2',
}
const GROUP_ALPHABETS: Record<number, Alphabet> = { 1: 'binary', 2: 'ucs2' }
