import { TwilioError, type TwilioSpelling, type TwilioSpellings } from '../twilio-errors.ts'
import { SHARED_SPELLINGS } from '../twilio-shared-spellings.ts'

const status400 = (code: number, message: string): TwilioSpelling => ({ status: 400, code, message })

/** The house's refusals as Proxy spells them. Source: Twilio, Error and Warning Dictionary, 802xx to 806xx. */
export const PROXY_SPELLINGS = {
  ...SHARED_SPELLINGS,
  pool_empty: status400(80205, 'The Service has no Phone Numbers.'),
  pool_exhausted: ({ detail }) =>
    detail.why === 'reserved'
      ? status400(80207, 'Only reserved Proxy Numbers are left for this Participant.')
      : status400(80206, 'No Proxy Number is available for this Participant.'),
  unique_name_taken: ({ detail }) =>
    detail.what === 'session'
      ? { status: 409, code: 80603, message: 'Session UniqueName must be unique.' }
      : { status: 409, code: 80602, message: 'Service UniqueName must be unique.' },
  pair_taken: { status: 409, code: 80604, message: 'The Participant uses the Proxy Number in another Session.' },
  number_not_in_pool: status400(80605, 'The Proxy Number does not belong to the Service.'),
  number_unknown: status400(80606, 'The Proxy Number is not owned by the account.'),
  thread_closed: status400(80607, 'The Session is closed.'),
  thread_full: status400(80609, 'A Session has no more than two Participants.'),
  in_use: { status: 409, code: 80601, message: 'The Phone Number is not available: it is used elsewhere.' },
  member_taken: status400(80612, 'The Participant is in the Session already.'),
  participant_unfit: status400(80614, 'The Session has no other Participant.'),
} as const satisfies TwilioSpellings

/** Source: Twilio, error 80608. */
export const badStatus = (status: string) => new TwilioError(400, 80608, `The Session cannot become ${status}.`)
/** Source: Twilio, error 80611. */
export const numberInSessions = () => new TwilioError(409, 80611, 'The Phone Number is in active Sessions.')

export function refuse(code: number, message: string): TwilioError {
  return new TwilioError(400, code, message)
}
