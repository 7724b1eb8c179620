import type { Core } from '../../../core/core.ts'
import { updateNumber } from '../../../core/numbers/update-number.ts'
import { sid } from '../../../domain/ids.ts'
import { numberPattern } from '../../../domain/number-pattern.ts'
import { findNumber, listNumbers, type OwnedNumber } from '../../../store/read/numbers.ts'
import { TwilioError } from '../../twilio-errors.ts'
import type { Parameters } from '../../twilio-parameters.ts'
import { smsUrlsIn, smsUrlsOf } from '../../twilio-url-parameters.ts'
import { friendlyNameIn } from './friendly-name.ts'
import type { PlainResource } from './plain-resource.ts'
import { accountUri, datesOf } from './spelling.ts'

/** Short codes: given to an account by its operator, set up by its programs. */
export function shortCodes(core: Core): PlainResource<OwnedNumber> {
  return {
    path: '/Accounts/:accountSid/SMS/ShortCodes',
    name: 'short_codes',
    prefix: 'SC',
    spell,
    list: ({ accountId, parameters }, asked) =>
      listNumbers(core.db, accountId, asked, {
        kinds: ['short_code'],
        friendlyName: parameters.filled('FriendlyName'),
        pattern: patternIn(parameters),
      }),
    async find({ accountId }, id) {
      const number = await findNumber(core.db, accountId, id)
      return number?.kind === 'short_code' ? number : null
    },
    async update({ accountId, parameters }, { id }) {
      const changes = { friendlyName: friendlyNameIn(parameters), ...smsUrlsIn(parameters) }
      return spell(accountId, await updateNumber(core, accountId, id, changes))
    },
  }
}

function patternIn(parameters: Parameters): string | undefined {
  const code = parameters.filled('ShortCode')
  const pattern = code === undefined ? undefined : numberPattern(code)
  if (pattern === null) throw new TwilioError(400, 20001, `Invalid ShortCode: ${code}`)
  return pattern
}

function spell(accountId: string, row: OwnedNumber) {
  const shortCodeSid = sid('SC', row.id)
  return {
    account_sid: sid('AC', accountId),
    api_version: '2010-04-01',
    ...datesOf(row),
    friendly_name: row.friendlyName,
    short_code: row.number,
    sid: shortCodeSid,
    ...smsUrlsOf(row),
    uri: `${accountUri(accountId)}/SMS/ShortCodes/${shortCodeSid}.json`,
  }
}
