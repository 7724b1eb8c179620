import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { setAccountSettings } from '../../core/set-account-settings.ts'
import { accountSettings } from '../../domain/account-settings.ts'
import { findAccountSettings } from '../../store/read/account-settings.ts'
import type { HeddleApi } from './api.ts'

const Settings = Type.Object({ mediaNeedsAuth: Type.Optional(Type.Boolean()) }, { additionalProperties: false })

/** `GET` and `PATCH /v1/settings`: what counts for the whole account. */
export function settingsRoutes({ app, core, account }: HeddleApi): void {
  const settingsOf = async (accountId: string) => accountSettings((await findAccountSettings(core.db, accountId)) ?? {})

  app.get('/v1/settings', async request => settingsOf((await account(request)).accountId))

  app.patch(
    '/v1/settings',
    // The usual compiler drops what it does not know, so that a misspelled setting would be one that never comes.
    { schema: { body: Settings }, validatorCompiler: TypeBoxValidatorCompiler },
    async request => {
      const { accountId } = await account(request)
      await setAccountSettings(core, accountId, request.body)
      return settingsOf(accountId)
    },
  )
}
