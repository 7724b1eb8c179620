import type { SendResult } from '../carrier.ts'
import { STATUS, spellStatus } from './commands.ts'

export type Errors = Record<string, number>

/** What an answer to a submit says: taken, slow down, the link can't, or one of the results of the port. */
export type Answer = 'taken' | 'throttled' | Exclude<SendResult, { kind: 'taken' | 'unknown' }>

/**
 * Refusals with a meaning of their own, as Twilio's codes: 30002 suspended, 30004 blocked, 30005 unknown destination,
 * 30007 filtered; all others are 30008. Source: SMPP 3.4 and 5.0, command_status; Twilio, error dictionary.
 */
const REFUSALS: Record<number, number> = {
  11: 30005,
  51: 30005,
  80: 30005,
  81: 30005,
  101: 30007,
  102: 30007,
  256: 30002,
  257: 30004,
  259: 30002,
}

/** What may be gone in a moment: system error, bind state, submit failed, temporary application error, unknown error. */
const TEMPORARY: ReadonlySet<number> = new Set([0x04, 0x08, 0x45, 0x64, 0xfe, 0xff, 0x102])

/** `errors` are the carrier's own meanings, by a status such as `0x0424`; they go first. */
export function answerOf(status: number, errors: Errors = {}): Answer {
  if (status === STATUS.ok) return 'taken'
  const carrierCode = spellStatus(status)
  const own = errors[carrierCode] ?? errors[carrierCode.toLowerCase()] ?? errors[String(status)]
  if (own !== undefined) return refused(own, carrierCode)
  if (status === STATUS.throttled || status === STATUS.queueFull) return 'throttled'
  if (TEMPORARY.has(status)) {
    return { kind: 'retry', carrierCode, message: `The carrier could not take it now (${carrierCode}).` }
  }
  return refused(REFUSALS[status] ?? 30008, carrierCode)
}

function refused(errorCode: number, carrierCode: string): Answer {
  return { kind: 'refused', errorCode, carrierCode, message: `The carrier refused it (${carrierCode}).` }
}
