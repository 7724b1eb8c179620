/**
 * Ids are UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, so that new rows land at the end of an index,
 * then a counter, then chance. Dialects spell the same id their own way: Twilio's as two letters and 32 hex.
 */
import { randomFillSync } from 'node:crypto'

/** What the two letters of a SID name. Source: Twilio's OpenAPI files. */
export const SID_PREFIXES = {
  AC: 'account',
  AI: 'alphanumeric sender',
  AP: 'application',
  BS: 'chat binding',
  CH: 'conversation',
  CR: 'push credential',
  DY: 'delivery receipt',
  FW: 'studio flow',
  HX: 'content template',
  IG: 'address configuration',
  IM: 'conversation message',
  IS: 'conversation service',
  KC: 'proxy session',
  KI: 'proxy interaction',
  KP: 'proxy participant',
  KS: 'proxy service',
  MB: 'participant',
  ME: 'media',
  MG: 'messaging service',
  MM: 'sms with media',
  PN: 'phone number',
  RL: 'role',
  RQ: 'request',
  SC: 'short code',
  SK: 'API key',
  SM: 'sms',
  US: 'user',
  WH: 'scoped webhook',
  XE: 'channel sender',
} as const

export type SidPrefix = keyof typeof SID_PREFIXES

const LAST_MS = 2 ** 48 - 1
const LAST_COUNT = 0xfff
/** A millisecond's counter starts in the lower half, so that at least 2,048 ids fit before the next one is borrowed. */
const HIGHEST_FIRST_COUNT = 0x7ff
/** A call into the random source costs more than an id; one call serves this many. */
const IDS_PER_DRAW = 512
const RANDOM_BYTES_PER_ID = 10

const drawn = Buffer.alloc(IDS_PER_DRAW * RANDOM_BYTES_PER_ID)
let drawnAt = drawn.length
const bytes = Buffer.alloc(16)
let lastMs = -1
let count = 0

/**
 * A new id, greater (as text too) than every id this process made before, even when `nowMs` repeats or goes back.
 * Throws RangeError when `nowMs` is no count of milliseconds since the epoch that 48 bits hold.
 */
export function newId(nowMs: number): string {
  if (!(nowMs >= 0 && nowMs <= LAST_MS)) throw new RangeError(`no time to make an id of: ${nowMs}`)
  const chance = nextRandomOffset()
  tick(Math.floor(nowMs), drawn.readUInt16BE(chance) & HIGHEST_FIRST_COUNT)
  bytes.writeUIntBE(lastMs, 0, 6)
  bytes.writeUInt16BE(0x7000 | count, 6)
  drawn.copy(bytes, 8, chance + 2, chance + RANDOM_BYTES_PER_ID)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  return withDashes(bytes.toString('hex'))
}

function tick(nowMs: number, firstCount: number): void {
  if (nowMs > lastMs) {
    lastMs = nowMs
    count = firstCount
  } else if (count < LAST_COUNT) {
    count += 1
  } else {
    lastMs += 1
    count = firstCount
  }
}

function nextRandomOffset(): number {
  if (drawnAt === drawn.length) {
    randomFillSync(drawn)
    drawnAt = 0
  }
  const offset = drawnAt
  drawnAt += RANDOM_BYTES_PER_ID
  return offset
}

/** Spells an id as a SID: the prefix and the 32 hex digits in lower case. */
export function sid(prefix: SidPrefix, uuid: string): string {
  return prefix + uuid.replaceAll('-', '').toLowerCase()
}

/** The id that a SID spells, in lower case; null when the text is no SID of one of these prefixes. Hex of any case. */
export function uuidOfSid(prefixes: SidPrefix | readonly SidPrefix[], text: string): string | null {
  if (!SID.test(text)) return null
  const prefix = text.slice(0, 2)
  const fits = typeof prefixes === 'string' ? prefixes === prefix : prefixes.some(one => one === prefix)
  return fits ? withDashes(text.slice(2).toLowerCase()) : null
}

const SID = /^[A-Z]{2}[0-9a-fA-F]{32}$/

/** True for any UUID in its dashed form, of any version and case: ids given in a seed file need not be of version 7. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function withDashes(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
