import type { Core } from '../../../core/core.ts'
import type { NumberChanges } from '../../../core/numbers/update-number.ts'
import { uuidOfSid } from '../../../domain/ids.ts'
import { findApplication } from '../../../store/read/applications.ts'
import { TwilioError } from '../../twilio-errors.ts'
import type { TwilioCall } from '../../twilio-routes.ts'
import { methodIn, smsUrlsIn, urlIn } from '../../twilio-url-parameters.ts'
import { friendlyNameIn } from './friendly-name.ts'
import { keptIn, NUMBER_FIELDS } from './kept-fields.ts'

/** What a number is when it is changed: as it was, or as a bought one begins. */
interface NumberBefore {
  smsUrl: string
  smsApplicationId: string | null
  voiceUrl: string
}

/**
 * What a program says of a number. Refuses bad URLs (21402) and methods (21403), a fallback for what has no URL (21405,
 * 21406), and an application that is not there (21420).
 */
export async function readSetup(core: Core, call: TwilioCall, before: NumberBefore): Promise<NumberChanges> {
  const { parameters } = call
  const changes: NumberChanges = {
    friendlyName: friendlyNameIn(parameters),
    ...smsUrlsIn(parameters),
    statusCallback: urlIn(parameters, 'StatusCallback'),
    statusCallbackMethod: methodIn(parameters, 'StatusCallbackMethod'),
    smsApplicationId: await readApplication(core, call),
    kept: keptIn(parameters, NUMBER_FIELDS),
  }
  const goesByApplication = changes.smsApplicationId ?? before.smsApplicationId
  if (changes.smsFallbackUrl && !goesByApplication && !(changes.smsUrl ?? before.smsUrl)) {
    throw new TwilioError(400, 21406, 'Cannot set SmsFallbackUrl without setting SmsUrl')
  }
  if (changes.kept?.voice_fallback_url && !(changes.kept.voice_url ?? before.voiceUrl)) {
    throw new TwilioError(400, 21405, 'Cannot set VoiceFallbackUrl without setting VoiceUrl')
  }
  return changes
}

async function readApplication(core: Core, { accountId, parameters }: TwilioCall): Promise<string | null | undefined> {
  const text = parameters.text('SmsApplicationSid')?.trim()
  if (text === undefined) return undefined
  if (text === '') return null
  const id = uuidOfSid('AP', text)
  if (id === null || !(await findApplication(core.db, accountId, id))) {
    throw new TwilioError(400, 21420, `SmsApplicationSid ${text} was not found`)
  }
  return id
}
