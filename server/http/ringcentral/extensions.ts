import { deleteQueue } from '../../core/inbox/delete-queue.ts'
import { findInboxExtension, type InboxExtension, listInboxExtensions } from '../../store/read/inbox-extensions.ts'
import { type Caller, mustBeAdmin } from './callers.ts'
import type { RingCentralDialect } from './dialect.ts'
import { invalidParameter, notFound, RingCentralError } from './errors.ts'
import { olderListOf } from './paging.ts'
import { OWNER_TYPES } from './resources.ts'

const EXTENSIONS = '/v1.0/account/:accountId/extension'

/** Users and queues as extensions, what is on for them, and which queues a user handles. */
export function extensionRoutes(dialect: RingCentralDialect): void {
  dialect.operation('GET', EXTENSIONS, {
    scope: 'ReadAccounts',
    group: 'medium',
    async run({ caller, query, accountUri }) {
      const types = query.all('type')
      const statuses = query.all('status')
      const number = query.text('extensionNumber')
      const all = await listInboxExtensions(dialect.core.db, caller.accountId)
      const shown = all.filter(
        extension =>
          (types.length === 0 || types.some(type => isOfType(extension, type))) &&
          (statuses.length === 0 || statuses.includes('Enabled')) &&
          (number === null || extension.extensionNumber === number),
      )
      const spell = (extension: InboxExtension) => extensionResource(extension, accountUri)
      return olderListOf(`${accountUri}/extension`, shown, query, spell)
    },
  })

  dialect.operation('GET', `${EXTENSIONS}/:extensionId`, {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, path, accountUri }) {
      const extension = await getExtension(dialect, caller, path.extensionId ?? '')
      const account = { id: caller.accountNumber, uri: accountUri }
      return { ...extensionResource(extension, accountUri), account, serviceFeatures: SERVICE_FEATURES }
    },
  })

  dialect.operation('DELETE', `${EXTENSIONS}/:extensionId`, {
    scope: 'EditExtensions',
    group: 'heavy',
    status: 204,
    async run({ caller, path }) {
      mustBeAdmin(caller)
      const queueId = await queueOf(dialect, caller, path.extensionId ?? '')
      if (queueId) await deleteQueue(dialect.core, caller.accountId, queueId)
    },
  })

  dialect.operation('GET', `${EXTENSIONS}/:extensionId/features`, {
    scope: 'ReadAccounts',
    group: 'medium',
    async run({ query }) {
      const asked = query.all('featureId')
      const records = (asked.length > 0 ? asked : [...FEATURES.keys()]).map(featureResource)
      return { records: query.flag('availableOnly') ? records.filter(record => record.available) : records }
    },
  })

  dialect.operation('GET', `${EXTENSIONS}/:extensionId/grant`, {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, path, query, accountUri }) {
      const extension = await getExtension(dialect, caller, path.extensionId ?? '')
      const queues = await dialect.queuesOf({ accountId: caller.accountId, userId: extension.ownerId })
      const uri = `${accountUri}/extension/${extension.id}/grant`
      const alive = queues.filter(queue => !queue.isDeleted)
      return olderListOf(uri, alive, query, queue => ({
        uri: `${uri}/${queue.extensionId}`,
        extension: {
          uri: `${accountUri}/extension/${queue.extensionId}`,
          id: queue.extensionId,
          extensionNumber: queue.extensionNumber,
          name: queue.name,
          type: OWNER_TYPES[queue.kind],
        },
        ...NOT_GRANTED,
        callQueueSmsRecipient: queue.kind === 'queue',
        smsRecipient: true,
      }))
    },
  })
}

/** The extension of the path; `~` is the caller's. Refuses 404. */
export async function getExtension(
  { core }: RingCentralDialect,
  caller: Caller,
  extensionId: string,
): Promise<InboxExtension> {
  const id = extensionId === '~' ? caller.extensionId : extensionId
  const found = /^[0-9]{1,15}$/.test(id) ? await findInboxExtension(core.db, caller.accountId, Number(id)) : null
  if (!found) throw notFound('extensionId', extensionId)
  return found
}

/** The UUID of the queue that an extension is; null for null. Refuses 404 for none, and 403 for users. */
export async function queueOf(
  dialect: RingCentralDialect,
  caller: Caller,
  extensionId: string | null,
): Promise<string | null> {
  if (extensionId === null) return null
  if (extensionId === '') throw invalidParameter('extensionId', extensionId)
  const extension = await getExtension(dialect, caller, extensionId)
  if (extension.kind === 'queue') return extension.ownerId
  throw new RingCentralError(403, 'MSG-314', 'Extension of this type owns no texts', { parameterName: 'extensionId' })
}

/** The guide asks for the main site as `CompanyExtension`. */
function isOfType(extension: InboxExtension, type: string): boolean {
  if (extension.queueKind === 'main_site') return type === 'CompanyExtension' || type === 'Site'
  return extensionType(extension) === type
}

function extensionType({ queueKind }: InboxExtension): string {
  return queueKind === null ? 'User' : OWNER_TYPES[queueKind]
}

function extensionResource(extension: InboxExtension, accountUri: string) {
  const [firstName = '', ...rest] = extension.name.split(' ')
  return {
    id: extension.id,
    uri: `${accountUri}/extension/${extension.id}`,
    extensionNumber: extension.extensionNumber,
    name: extension.name,
    type: extensionType(extension),
    status: 'Enabled',
    contact: { firstName, ...(rest.length > 0 ? { lastName: rest.join(' ') } : {}) },
    permissions: { admin: { enabled: extension.isAdmin }, internationalCalling: { enabled: false } },
    setupWizardState: 'Completed',
    hidden: false,
  }
}

const SERVICE_FEATURES = [
  { featureName: 'SMS', enabled: true },
  { featureName: 'SMSReceiving', enabled: true },
  { featureName: 'MMS', enabled: true },
]

const FEATURES = new Map<string, { name: string; value: string }[]>([
  [
    'MessageThreads',
    [
      { name: 'callQueueSupported', value: 'true' },
      { name: 'siteSupported', value: 'true' },
    ],
  ],
  ['CallQueueSmsRecipient', []],
  ['SMSSending', []],
  ['ReadExtensions', []],
  ['ReadMessages', []],
])

function featureResource(id: string) {
  const params = FEATURES.get(id)
  if (params) return { id, available: true, ...(params.length > 0 ? { params } : {}) }
  const reason = { code: 'ServicePlanLimitation', message: 'The feature is not part of the service plan' }
  return { id, available: false, reason }
}

/** What else RingCentral grants; none of it exists here. */
const NOT_GRANTED = {
  callPickup: false,
  callMonitoring: false,
  callOnBehalfOf: false,
  callDelegation: false,
  groupPaging: false,
  callQueueSetup: false,
  callQueueMembersSetup: false,
  callQueueMessages: false,
  callQueueFacSetup: false,
  sharedVoicemails: false,
}
