import type { TwilioSpellings } from '../twilio-errors.ts'

/** The house's refusals in the codes of Programmable Messaging. Source: Twilio, Error and Warning Dictionary. */
export const MESSAGING_SPELLINGS = {
  not_found: { status: 404, code: 20404 },
  unauthorized: { status: 401, code: 20003, message: 'Authenticate' },
  number_unknown: { status: 400, code: 21606 },
  number_taken: { status: 400, code: 21422 },
  address_invalid: { status: 400, code: 21211 },
  body_missing: { status: 400, code: 21602 },
  body_too_long: { status: 400, code: 21617 },
  media_too_many: { status: 400, code: 21623 },
  media_invalid: { status: 400, code: 21620 },
  opted_out: { status: 400, code: 21610 },
  identity_taken: { status: 409, code: 20409 },
  pair_taken: { status: 409, code: 20409 },
  thread_closed: { status: 409, code: 20409 },
} as const satisfies TwilioSpellings
