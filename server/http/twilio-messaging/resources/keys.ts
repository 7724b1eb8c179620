import { createKey, deleteKey, renameKey } from '../../../core/accounts/api-keys.ts'
import type { Core } from '../../../core/core.ts'
import { sid } from '../../../domain/ids.ts'
import { type ApiKeyRecord, findApiKey, listApiKeys } from '../../../store/read/api-keys.ts'
import type { Credentials } from '../../credentials.ts'
import { refuseKeys } from '../../twilio-auth.ts'
import { friendlyNameIn } from './friendly-name.ts'
import type { PlainResource } from './plain-resource.ts'
import { datesOf } from './spelling.ts'

/** API keys. SigningKeys is their older name: both show the same keys. */
export function keys(
  core: Core,
  credentials: Credentials,
  { path, name }: { path: 'Keys' | 'SigningKeys'; name: string },
): PlainResource<ApiKeyRecord> {
  return {
    path: `/Accounts/:accountSid/${path}`,
    name,
    prefix: 'SK',
    admit: refuseKeys,
    spell,
    list: ({ accountId }, asked) => listApiKeys(core.db, accountId, asked),
    find: ({ accountId }, id) => findApiKey(core.db, accountId, id),
    async create({ accountId, parameters }) {
      const key = await createKey(core, accountId, friendlyNameIn(parameters) ?? '')
      return { ...spell(accountId, key), secret: key.secret }
    },
    async update({ accountId, parameters }, key) {
      const friendlyName = friendlyNameIn(parameters)
      return spell(accountId, friendlyName === undefined ? key : await renameKey(core, accountId, key.id, friendlyName))
    },
    async remove({ accountId }, { id }) {
      await deleteKey(core, accountId, id)
      credentials.forget()
    },
  }
}

function spell(_accountId: string, key: ApiKeyRecord) {
  return { sid: sid('SK', key.id), friendly_name: key.name, ...datesOf(key) }
}
