/** The GSM 7-bit default alphabet. Source: 3GPP TS 23.038, 6.2.1. */

/** The escape to the extension table; it is no character of its own. */
export const GSM7_ESCAPE = 0x1b

/** The basic table: a character's place in this text is its septet. */
export const GSM7_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅå' +
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
  ' !"#¤%&\'()*+,-./' +
  '0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmno' +
  'pqrstuvwxyzäöñüà'

/** The extension table: these are sent as the escape and the septet given. */
export const GSM7_EXTENSION: ReadonlyMap<string, number> = new Map([
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
])

const septets = new Uint8Array(0x10000)
for (const character of GSM7_BASIC) septets[character.charCodeAt(0)] = 1
for (const character of GSM7_EXTENSION.keys()) septets[character.charCodeAt(0)] = 2
septets[GSM7_ESCAPE] = 0

/** How many septets a UTF-16 code unit takes in GSM-7: 1, 2 with its escape, or 0 when the alphabet lacks it. */
export function septetsOf(codeUnit: number): number {
  return septets[codeUnit] ?? 0
}
