import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { changeAccountSettings } from '../../core/change-account-settings.ts'
import { type AccountSettings, findAccountSettings } from '../../store/read/account-settings.ts'
import type { HeddleApi } from './api.ts'

const Settings = Type.Object({ mediaNeedsAuth: Type.Optional(Type.Boolean()) }, { additionalProperties: false })

/** `GET` and `PATCH /v1/settings`: what counts for the whole account. */
export function settingsRoutes({ app, core, account }: HeddleApi): void {
  app.get('/v1/settings', async request => {
    const { accountId } = await account(request)
    return spell(await findAccountSettings(core.db, accountId))
  })

  app.patch(
    '/v1/settings',
    // The usual compiler drops what it does not know, so that a misspelled setting would be one that never comes.
    { schema: { body: Settings }, validatorCompiler: TypeBoxValidatorCompiler },
    async request => {
      const { accountId } = await account(request)
      return spell(await changeAccountSettings(core, accountId, request.body))
    },
  )
}

function spell(settings: AccountSettings | null) {
  return { mediaNeedsAuth: settings?.mediaNeedsAuth === true }
}
