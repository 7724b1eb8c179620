import { setHandlers } from '../../core/inbox/set-handlers.ts'
import {
  type InboxExtension,
  listHandledQueues,
  listInboxExtensions,
  listQueueHandlers,
} from '../../store/read/inbox-extensions.ts'
import { objectOf } from './bodies.ts'
import { mustBeAdmin } from './callers.ts'
import type { Call, RingCentralDialect } from './dialect.ts'
import { invalidParameter, RingCentralError } from './errors.ts'
import { getExtension, queueOf } from './extensions.ts'
import { olderListOf } from './paging.ts'

const ACCOUNT = '/v1.0/account/:accountId'
/** Handlers added or removed at once. */
const MAX_CHANGED = 50

/** Call queues, sites and menus, and who handles their texts. */
export function queueRoutes(dialect: RingCentralDialect): void {
  const { db } = dialect.core

  dialect.operation('GET', `${ACCOUNT}/call-queues`, {
    scope: 'ReadAccounts',
    group: 'medium',
    async run({ caller, query, accountUri }) {
      const member = query.decimals('memberExtensionId')
      const handled = member
        ? await listHandledQueues(db, caller.accountId, (await getExtension(dialect, caller, member[0] ?? '')).ownerId)
        : null
      const all = await listInboxExtensions(db, caller.accountId)
      const queues = all.filter(
        ({ queueKind, ownerId }) =>
          queueKind === 'queue' && (!handled || handled.some(({ queueId }) => queueId === ownerId)),
      )
      return olderListOf(`${accountUri}/call-queues`, queues, query, queue => queueResource(queue, accountUri))
    },
  })

  dialect.operation('GET', `${ACCOUNT}/call-queues/:groupId`, {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, path, accountUri }) {
      const groupId = path.groupId ?? ''
      await queueOf(dialect, caller, groupId)
      return queueResource(await getExtension(dialect, caller, groupId), accountUri)
    },
  })

  dialect.operation('GET', `${ACCOUNT}/call-queues/:groupId/members`, {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, path, query, accountUri }) {
      const queueId = await queueOf(dialect, caller, path.groupId ?? '')
      const members = queueId ? await listQueueHandlers(db, caller.accountId, queueId) : []
      return olderListOf(`${accountUri}/call-queues/${path.groupId}/members`, members, query, member => ({
        uri: `${accountUri}/extension/${member.id}`,
        id: member.id,
        extensionNumber: member.extensionNumber,
      }))
    },
  })

  for (const [path, key] of [
    [`${ACCOUNT}/extension/:extensionId/sms-recipients`, 'extensionId'],
    [`${ACCOUNT}/call-queues/:groupId/sms-recipients`, 'groupId'],
  ] as const) {
    dialect.operation('GET', path, {
      scope: 'ReadAccounts',
      group: 'light',
      async run(call) {
        const queueId = await queueOf(dialect, call.caller, call.path[key] ?? '')
        const handlers = queueId ? await listQueueHandlers(db, call.caller.accountId, queueId) : []
        return { smsRecipients: handlers.map(handlerResource) }
      },
    })
  }

  for (const path of [
    `${ACCOUNT}/extension/:extensionId/sms-recipients/bulk-assign`,
    `${ACCOUNT}/call-queues/:extensionId/bulk-assign`,
  ]) {
    dialect.operation('POST', path, {
      scope: 'EditExtensions',
      group: path.includes('sms-recipients') ? 'medium' : 'heavy',
      status: 204,
      run: call => changeHandlers(dialect, call),
    })
  }

  dialect.operation('GET', `${ACCOUNT}/sites`, {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, query, accountUri }) {
      const sites = (await listInboxExtensions(db, caller.accountId)).filter(({ queueKind }) => queueKind === 'site')
      return olderListOf(`${accountUri}/sites`, sites, query, site => ({
        id: String(site.id),
        uri: `${accountUri}/sites/${site.id}`,
        name: site.name,
        extensionNumber: site.extensionNumber,
      }))
    },
  })

  dialect.operation('GET', `${ACCOUNT}/ivr-menus`, {
    scope: 'ReadAccounts',
    group: 'medium',
    run: async ({ accountUri }) => ({ uri: `${accountUri}/ivr-menus`, records: [] }),
  })
}

async function changeHandlers(dialect: RingCentralDialect, { caller, path, body }: Call): Promise<void> {
  mustBeAdmin(caller)
  const queueId = await queueOf(dialect, caller, path.extensionId ?? '')
  const asked = objectOf(body)
  const users = async (name: string) => Promise.all(idsIn(asked, name).map(id => userOf(dialect, { caller, id, name })))
  const added = await users('addedExtensionIds')
  const removed = await users('removedExtensionIds')
  if (added.length + removed.length === 0) throw invalidParameter('addedExtensionIds', asked.addedExtensionIds)
  if (queueId) await setHandlers(dialect.core, caller.accountId, { queueId, added, removed })
}

function idsIn(body: Record<string, unknown>, name: string): string[] {
  const value = body[name] ?? []
  if (!Array.isArray(value) || value.length > MAX_CHANGED) throw invalidParameter(name, value)
  return [...new Set(value.map(String))]
}

async function userOf(
  dialect: RingCentralDialect,
  { caller, id, name }: { caller: Call['caller']; id: string; name: string },
): Promise<string> {
  const extension = await getExtension(dialect, caller, id).catch(error => {
    throw error instanceof RingCentralError ? invalidParameter(name, id) : error
  })
  if (extension.kind !== 'user') throw invalidParameter(name, id)
  return extension.ownerId
}

function queueResource(queue: InboxExtension, accountUri: string) {
  return {
    uri: `${accountUri}/call-queues/${queue.id}`,
    id: String(queue.id),
    extensionNumber: queue.extensionNumber,
    name: queue.name,
    status: 'Enabled',
    site: { id: 'main-site', name: 'Main Site' },
  }
}

function handlerResource(user: InboxExtension) {
  return {
    id: String(user.id),
    extensionNumber: user.extensionNumber,
    name: user.name,
    extensionType: 'User',
    assignable: true,
    hasLicense: true,
  }
}
