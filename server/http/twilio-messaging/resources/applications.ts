import {
  type ApplicationChanges,
  createApplication,
  deleteApplication,
  updateApplication,
} from '../../../core/accounts/applications.ts'
import type { Core } from '../../../core/core.ts'
import { sid } from '../../../domain/ids.ts'
import { type Application, findApplication, listApplications } from '../../../store/read/applications.ts'
import type { Parameters } from '../../twilio-parameters.ts'
import { smsUrlsIn, smsUrlsOf, urlIn } from '../../twilio-url-parameters.ts'
import { friendlyNameIn } from './friendly-name.ts'
import { APPLICATION_FIELDS, keptIn, keptOf } from './kept-fields.ts'
import type { PlainResource } from './plain-resource.ts'
import { accountUri, datesOf } from './spelling.ts'

/** URLs under one name, for the numbers that name it. */
export function applications(core: Core): PlainResource<Application> {
  return {
    path: '/Accounts/:accountSid/Applications',
    name: 'applications',
    prefix: 'AP',
    spell,
    list: ({ accountId, parameters }, asked) =>
      listApplications(core.db, accountId, asked, { friendlyName: parameters.filled('FriendlyName') }),
    find: ({ accountId }, id) => findApplication(core.db, accountId, id),
    create: async ({ accountId, parameters }) =>
      spell(accountId, await createApplication(core, accountId, changesIn(parameters))),
    update: async ({ accountId, parameters }, { id }) =>
      spell(accountId, await updateApplication(core, accountId, id, changesIn(parameters))),
    remove: ({ accountId }, { id }) => deleteApplication(core, accountId, id),
  }
}

/** `SmsStatusCallback` is the older name of `MessageStatusCallback`. */
function changesIn(parameters: Parameters): ApplicationChanges {
  return {
    friendlyName: friendlyNameIn(parameters),
    ...smsUrlsIn(parameters),
    messageStatusCallback: urlIn(parameters, 'MessageStatusCallback') ?? urlIn(parameters, 'SmsStatusCallback'),
    kept: keptIn(parameters, APPLICATION_FIELDS),
  }
}

function spell(accountId: string, row: Application) {
  const applicationSid = sid('AP', row.id)
  return {
    account_sid: sid('AC', accountId),
    api_version: '2010-04-01',
    ...datesOf(row),
    friendly_name: row.friendlyName,
    message_status_callback: row.messageStatusCallback,
    sid: applicationSid,
    sms_status_callback: row.messageStatusCallback,
    ...smsUrlsOf(row),
    uri: `${accountUri(accountId)}/Applications/${applicationSid}.json`,
    ...keptOf(row.kept, APPLICATION_FIELDS),
  }
}
