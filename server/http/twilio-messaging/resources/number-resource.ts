import { sid } from '../../../domain/ids.ts'
import { numberSettings } from '../../../domain/number-settings.ts'
import type { OwnedNumber } from '../../../store/read/numbers.ts'
import { smsUrlsOf } from '../../twilio-url-parameters.ts'
import { keptOf, NUMBER_FIELDS } from './kept-fields.ts'
import { accountUri, datesOf } from './spelling.ts'

/**
 * A number as Twilio's IncomingPhoneNumber resource. What is not set is an empty text and not null: programs call
 * string methods on it.
 */
export function numberResource(accountId: string, row: OwnedNumber) {
  return { ...numberOfKind(accountId, row), type: numberSettings(row.settings).soldAs ?? row.kind }
}

/** As the lists of one kind show it: without its kind. */
export function numberOfKind(accountId: string, row: OwnedNumber) {
  const numberSid = sid('PN', row.id)
  const settings = numberSettings(row.settings)
  return {
    account_sid: sid('AC', accountId),
    address_requirements: settings.addressRequirements,
    api_version: '2010-04-01',
    beta: settings.isBeta,
    capabilities: settings.capabilities,
    ...datesOf(row),
    emergency_address_status: 'unregistered',
    friendly_name: row.friendlyName,
    origin: 'twilio',
    phone_number: row.number,
    sid: numberSid,
    sms_application_sid: row.smsApplicationId === null ? '' : sid('AP', row.smsApplicationId),
    ...smsUrlsOf(row),
    status: 'in-use',
    status_callback: row.statusCallback,
    status_callback_method: row.statusCallbackMethod,
    uri: `${accountUri(accountId)}/IncomingPhoneNumbers/${numberSid}.json`,
    ...keptOf(settings.kept, NUMBER_FIELDS),
  }
}
