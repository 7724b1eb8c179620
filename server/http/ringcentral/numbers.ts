import { giveNumber } from '../../core/inbox/give-number.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { type InboxNumber, listInboxNumbers } from '../../store/read/inbox-extensions.ts'
import { objectOf } from './bodies.ts'
import { mustBeAdmin } from './callers.ts'
import type { RingCentralDialect } from './dialect.ts'
import { invalidParameter, notFound } from './errors.ts'
import { getExtension, queueOf } from './extensions.ts'
import { listOf, olderListOf } from './paging.ts'
import { OWNER_TYPES } from './resources.ts'

const ACCOUNT = '/v1.0/account/:accountId'

/** Phone numbers: the account's, and those that a user may text from. */
export function numberRoutes(dialect: RingCentralDialect): void {
  const { db } = dialect.core

  dialect.operation('GET', `${ACCOUNT}/phone-number`, {
    scope: 'ReadAccounts',
    group: 'heavy',
    async run({ caller, query, accountUri }) {
      const numbers = await listInboxNumbers(db, caller.accountId)
      const shown = byUsage(numbers, query.all('usageType'))
      return olderListOf(`${accountUri}/phone-number`, shown, query, number => numberResource(number, accountUri))
    },
  })

  dialect.operation('GET', `${ACCOUNT}/extension/:extensionId/phone-number`, {
    scope: 'ReadAccounts',
    group: 'light',
    async run({ caller, path, query, accountUri }) {
      const extension = await getExtension(dialect, caller, path.extensionId ?? '')
      const queueIds = await queuesToTextFrom(dialect, caller.accountId, extension)
      const numbers = await listInboxNumbers(db, caller.accountId, queueIds)
      const uri = `${accountUri}/extension/${extension.id}/phone-number`
      const shown = byUsage(numbers, query.all('usageType'))
      return olderListOf(uri, shown, query, number => numberResource(number, accountUri))
    },
  })

  dialect.operation('GET', '/v2/accounts/:accountId/phone-numbers', {
    scope: 'ReadAccounts',
    group: 'heavy',
    async run({ caller, query }) {
      const asked = query.page()
      const numbers = byUsage(await listInboxNumbers(db, caller.accountId), query.all('usageType'))
      const rows = numbers.slice((asked.page - 1) * asked.perPage, asked.page * asked.perPage)
      return listOf({ rows, total: numbers.length }, asked, newNumberResource)
    },
  })

  dialect.operation('PATCH', '/v2/accounts/:accountId/phone-numbers/:phoneNumberId', {
    scope: 'EditExtensions',
    group: 'heavy',
    async run({ caller, path, body }) {
      mustBeAdmin(caller)
      const { phoneNumberId = '' } = path
      const find = async () =>
        (await listInboxNumbers(db, caller.accountId)).find(each => String(each.born) === phoneNumberId)
      const number = await find()
      if (!number) throw notFound('phoneNumberId', phoneNumberId)
      const queueId = await queueOf(dialect, caller, extensionOf(body))
      await giveNumber(dialect.core, caller.accountId, { number: number.number, queueId })
      return newNumberResource((await find()) ?? number)
    },
  })
}

/** `{ extension: { id } }` of the queue that gets the number; null takes it from the one that has it. */
function extensionOf(body: unknown): string | null {
  const { extension } = objectOf(body)
  if (extension === null) return null
  const id = typeof extension === 'object' ? Reflect.get(extension, 'id') : undefined
  if (typeof id !== 'string' && typeof id !== 'number') throw invalidParameter('extension.id', id)
  return String(id)
}

async function queuesToTextFrom(
  dialect: RingCentralDialect,
  accountId: string,
  extension: { kind: 'user' | 'queue'; ownerId: string },
): Promise<string[]> {
  if (extension.kind === 'queue') return [extension.ownerId]
  const queues = await dialect.queuesOf({ accountId, userId: extension.ownerId })
  return queues.map(queue => queue.queueId)
}

/** The number of the main site, else the account's first. */
export async function findMainNumber(db: Queryable, accountId: string): Promise<string | null> {
  const numbers = await listInboxNumbers(db, accountId)
  return (numbers.find(number => number.isMain) ?? numbers[0])?.number ?? null
}

function byUsage(numbers: InboxNumber[], usageTypes: string[]): InboxNumber[] {
  return usageTypes.length === 0 ? numbers : numbers.filter(number => usageTypes.includes(usageType(number)))
}

/** The first number of the main site is the company's main one; numbers of no queue are the company's too. */
function usageType({ ownerKind, isMain }: InboxNumber): string {
  if (isMain) return 'MainCompanyNumber'
  return ownerKind === null || ownerKind === 'main_site' ? 'CompanyNumber' : 'DirectNumber'
}

function numberResource(number: InboxNumber, accountUri: string) {
  return {
    id: number.born,
    uri: `${accountUri}/phone-number/${number.born}`,
    phoneNumber: number.number,
    type: 'VoiceFax',
    usageType: usageType(number),
    paymentType: number.kind === 'toll_free' ? 'TollFree' : 'Local',
    status: 'Normal',
    primary: number.isMain,
    label: number.label,
    country: {
      id: '1',
      uri: `${accountUri.replace(/\/account\/.*/, '')}/dictionary/country/1`,
      isoCode: number.country,
    },
    features: featuresOf(number),
    ...(number.ownerId === null || number.ownerKind === 'main_site' ? {} : { extension: ownerOf(number, accountUri) }),
  }
}

/** Toll-free numbers take no files. */
function featuresOf({ kind, queueId }: InboxNumber): string[] {
  if (queueId === null) return ['CallerId']
  return ['CallerId', 'SmsSender', ...(kind === 'toll_free' ? [] : ['MmsSender'])]
}

function ownerOf({ ownerId, ownerNumber, ownerName, ownerKind }: InboxNumber, accountUri: string) {
  return {
    id: ownerId,
    uri: `${accountUri}/extension/${ownerId}`,
    extensionNumber: ownerNumber,
    name: ownerName,
    type: OWNER_TYPES[ownerKind ?? 'queue'],
  }
}

function newNumberResource(number: InboxNumber) {
  return {
    id: String(number.born),
    phoneNumber: number.number,
    type: 'VoiceFax',
    usageType: usageType(number),
    tollType: number.kind === 'toll_free' ? 'TollFree' : 'Toll',
    status: 'Normal',
    primary: number.isMain,
    label: number.label,
    features: featuresOf(number),
    ...(number.ownerId === null || number.ownerKind === 'main_site'
      ? {}
      : { extension: { id: String(number.ownerId), extensionNumber: number.ownerNumber } }),
  }
}
