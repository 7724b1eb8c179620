import { TwilioError, type TwilioSpellings } from '../twilio-errors.ts'
import { SHARED_SPELLINGS } from '../twilio-shared-spellings.ts'

/** The house's refusals as the API of messaging services spells them. Source: Twilio, Error and Warning Dictionary. */
export const SERVICE_SPELLINGS = {
  ...SHARED_SPELLINGS,
  number_not_in_pool: { status: 404, code: 20404 },
  pool_full: { status: 400, code: 21714, message: 'The Messaging Service has as many phone numbers as it may.' },
  in_use: {
    status: 409,
    code: 21712,
    message: 'Phone Number or Short Code is associated with another Messaging Service.',
  },
} as const satisfies TwilioSpellings

export const alreadyThere = () =>
  new TwilioError(409, 21710, 'Phone Number or Short Code is already in the Messaging Service.')

export const cannotText = () =>
  new TwilioError(400, 21715, 'Phone Number or Short Code does not have the SMS capability.')

export function refuse(code: number, message: string): TwilioError {
  return new TwilioError(400, code, message)
}
