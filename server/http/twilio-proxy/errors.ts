import type { Refusal } from '../../domain/refusal.ts'
import { TwilioError, type TwilioSpelling, type TwilioSpellings } from '../twilio-errors.ts'
import { SHARED_SPELLINGS } from '../twilio-shared-spellings.ts'

const status400 = (code: number, message: string): TwilioSpelling => ({ status: 400, code, message })

/** Why there is no number for a participant. */
const EXHAUSTED = {
  voice: status400(80201, 'The Service has no Proxy Numbers with voice capabilities.'),
  messages: status400(80202, 'The Service has no Proxy Numbers with messaging capabilities.'),
  country: status400(80203, "The Service has no Proxy Numbers of the country of the participant's number."),
  none: status400(80206, 'No Proxy Number is available for this Participant.'),
  reserved: status400(80207, 'Only reserved Proxy Numbers are left for this Participant.'),
}

/** What the house refuses to send: to Proxy the rejection of another of its services. Source: Twilio, error 80613. */
const rejected = ({ code, message }: Refusal) => status400(80613, `Downstream Request Rejected (${code}): ${message}`)

/** The house's refusals as Proxy spells them. Source: Twilio, Error and Warning Dictionary, 802xx to 806xx. */
export const PROXY_SPELLINGS = {
  ...SHARED_SPELLINGS,
  pool_empty: status400(80205, 'The Service has no Phone Numbers.'),
  pool_exhausted: ({ detail }) => EXHAUSTED[detail.why as keyof typeof EXHAUSTED] ?? EXHAUSTED.none,
  pool_full: status400(80622, 'The Service has as many Phone Numbers of this kind as it may.'),
  unique_name_taken: ({ detail }) =>
    detail.what === 'session'
      ? { status: 409, code: 80603, message: 'Session UniqueName must be unique.' }
      : { status: 409, code: 80602, message: 'Service UniqueName must be unique.' },
  pair_taken: status400(80604, 'The Participant uses the Proxy Number in another Session.'),
  number_not_in_pool: status400(80605, 'The Proxy Number does not belong to the Service.'),
  number_unknown: status400(80606, 'The Proxy Number is not owned by the account.'),
  thread_closed: status400(80607, 'The Session is closed.'),
  thread_full: status400(80609, 'A Session has no more than two Participants.'),
  in_use: { status: 409, code: 80601, message: 'The Phone Number is not available: it is used elsewhere.' },
  unfinished: { status: 409, code: 80611, message: 'The Phone Number is in active Sessions.' },
  member_taken: status400(80612, 'The Participant is in the Session already.'),
  opted_out: rejected,
  region_not_allowed: rejected,
  person_not_allowed: rejected,
  person_unreachable: rejected,
  sms_unsupported: rejected,
  mms_unsupported: rejected,
  participant_unfit: status400(80614, 'The Session has no other Participant.'),
} as const satisfies TwilioSpellings

/** Source: Twilio, error 80608. */
export const badStatus = (status: string) => new TwilioError(400, 80608, `The Session cannot become ${status}.`)

export function refuse(code: number, message: string): TwilioError {
  return new TwilioError(400, code, message)
}
