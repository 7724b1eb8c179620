import { createChild } from '../../../core/accounts/create-account.ts'
import { updateAccount } from '../../../core/accounts/update-account.ts'
import type { Core } from '../../../core/core.ts'
import { sid } from '../../../domain/ids.ts'
import { type AccountWithToken, findAccountWithToken, listFamily } from '../../../store/read/accounts.ts'
import { refuseKeys } from '../../twilio-auth.ts'
import { notFound, TwilioError } from '../../twilio-errors.ts'
import { pageOf, readPage, v2010List } from '../../twilio-paging.ts'
import type { TwilioCall, TwilioResources } from '../../twilio-routes.ts'
import { friendlyNameIn } from './friendly-name.ts'
import { accountUri, datesOf } from './spelling.ts'

const STATUSES = ['active', 'suspended', 'closed'] as const

/** The caller's account and its children: make, suspend, reopen, close. */
export function accounts({ core, credentials, resource }: TwilioResources): void {
  resource('/Accounts', {
    async list(call) {
      refuseKeys(call)
      const { accountId, parameters, request } = call
      const asked = readPage(parameters, { key: ['time', 'uuid'] })
      const filter = { name: parameters.filled('FriendlyName'), status: parameters.oneOf('Status', STATUSES) }
      const found = await listFamily(core.db, accountId, filter, asked)
      const page = pageOf(found, asked, account => [account.createdAt.getTime(), account.accountId])
      const records = page.rows.map(account => accountResource(core, account))
      return v2010List(request, 'accounts', records, page)
    },

    async create(call) {
      refuseKeys(call)
      const { principal, parameters } = call
      if (principal.parentId !== null) throw denied('A subaccount cannot have subaccounts')
      const now = core.clock.world()
      const name = friendlyNameIn(parameters)?.trim() || `SubAccount Created at ${minuteOf(now)}`
      const { accountId } = await createChild(core, principal.accountId, name)
      return accountResource(core, await getAccount(core, call, accountId))
    },
  })

  resource(
    '/Accounts/:accountSid',
    {
      async fetch(call) {
        refuseKeys(call)
        return accountResource(core, await getAccount(core, call, call.accountId))
      },

      async update(call) {
        refuseKeys(call)
        const { accountId, principal, parameters } = call
        const name = friendlyNameIn(parameters)?.trim() || undefined
        const status = parameters.oneOf('Status', STATUSES)
        if (status !== undefined && accountId === principal.accountId) {
          throw denied('The status of an account is changed by its parent')
        }
        if (!(await updateAccount(core, accountId, { name, status }))) {
          throw new TwilioError(400, 20001, 'The account is closed')
        }
        credentials.forget()
        return accountResource(core, await getAccount(core, call, accountId))
      },
    },
    { evenInactive: true },
  )
}

async function getAccount(core: Core, { request }: TwilioCall, accountId: string): Promise<AccountWithToken> {
  const account = await findAccountWithToken(core.db, accountId)
  if (!account) throw notFound(request)
  return account
}

function denied(message: string): TwilioError {
  return new TwilioError(403, 20006, message)
}

function minuteOf(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

/** What is served below an account, by the names that Twilio gives it. */
const SUBRESOURCES = {
  available_phone_numbers: 'AvailablePhoneNumbers',
  incoming_phone_numbers: 'IncomingPhoneNumbers',
  signing_keys: 'SigningKeys',
  keys: 'Keys',
  applications: 'Applications',
  short_codes: 'SMS/ShortCodes',
  messages: 'Messages',
  balance: 'Balance',
}

function accountResource(core: Core, account: AccountWithToken) {
  const uri = accountUri(account.accountId)
  return {
    auth_token: core.seal.open(account.authToken),
    ...datesOf(account),
    friendly_name: account.name,
    owner_account_sid: sid('AC', account.parentId ?? account.accountId),
    sid: sid('AC', account.accountId),
    status: account.status,
    subresource_uris: Object.fromEntries(
      Object.entries(SUBRESOURCES).map(([name, path]) => [name, `${uri}/${path}.json`]),
    ),
    type: account.kind,
    uri: `${uri}.json`,
  }
}
