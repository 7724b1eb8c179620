import { lengthOfName } from '../../../domain/text.ts'
import { TwilioError } from '../../twilio-errors.ts'
import type { Parameters } from '../../twilio-parameters.ts'

const MAX_NAME = 64

/** The FriendlyName as it was sent. Refuses 20001 one of more than 64 characters. Source: Twilio, Keys, `FriendlyName`. */
export function friendlyNameIn(parameters: Parameters): string | undefined {
  const name = parameters.text('FriendlyName')
  if (name === undefined || lengthOfName(name) <= MAX_NAME) return name
  throw new TwilioError(400, 20001, `FriendlyName may have ${MAX_NAME} characters`)
}
