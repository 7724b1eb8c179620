import { errorMessageOf } from '../../domain/error-codes.ts'
import type { Sms } from '../../domain/sms.ts'

/** Why a text to a number that masks went nowhere. Source: Twilio, Error and Warning Dictionary, Proxy. */
const CODES = {
  stop_word: 80901,
  /** The person's session with that number is over. */
  no_session: 80902,
  /** The person never had a session with that number. */
  unknown_participant: 80903,
  session_expired: 80904,
  unknown_scenario: 80905,
  voice_only: 80910,
  no_partner: 80614,
}

export type DropReason = keyof typeof CODES

/** Notes in the log why a text went nowhere; the row is yet to be written. */
export function noteDropped(sms: Sms, why: DropReason): void {
  sms.errorCode = CODES[why]
  sms.errorMessage = errorMessageOf(CODES[why])
}
