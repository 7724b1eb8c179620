import Type from 'typebox'
import { changeAccountSettings } from '../../core/accounts/change-account-settings.ts'
import { type AccountSettings, findAccountSettings } from '../../store/read/account-settings.ts'
import type { HeddleApi } from './api.ts'

const MAX_ALLOWED_PHONES = 1000
const Limit = Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]))

/** What null says of a limit: there is none. */
const Settings = Type.Object(
  {
    mediaNeedsAuth: Type.Optional(Type.Boolean()),
    allowedCountries: Type.Optional(Type.Union([Type.Array(Type.String({ pattern: '^[A-Z]{2}$' })), Type.Null()])),
    allowedPhones: Type.Optional(
      Type.Union([
        Type.Array(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' }), { maxItems: MAX_ALLOWED_PHONES }),
        Type.Null(),
      ]),
    ),
    maxQueuedPerNumber: Limit,
    maxRepliesIn30s: Limit,
    maxNumbersPerPool: Limit,
    maxMaskingNumbers: Limit,
    maxReservedNumbers: Limit,
  },
  { additionalProperties: false },
)

const Shown = Type.Required(Settings)

/** `GET` and `PATCH /v1/settings`: what counts for the whole account. */
export function settingsRoutes({ app, core, account }: HeddleApi): void {
  app.get('/v1/settings', { schema: { summary: 'Get the settings', response: { 200: Shown } } }, async request => {
    const { accountId } = await account(request)
    return spell(await findAccountSettings(core.db, accountId))
  })

  const changing = { summary: 'Change settings', body: Settings, response: { 200: Shown } }
  app.patch('/v1/settings', { schema: changing }, async request => {
    const { accountId } = await account(request)
    return spell(await changeAccountSettings(core, accountId, request.body))
  })
}

function spell(settings: AccountSettings | null) {
  return {
    mediaNeedsAuth: settings?.mediaNeedsAuth === true,
    allowedCountries: settings?.allowedCountries ?? null,
    allowedPhones: settings?.allowedPhones ?? null,
    maxQueuedPerNumber: settings?.maxQueuedPerNumber ?? null,
    maxRepliesIn30s: settings?.maxRepliesIn30s ?? null,
    maxNumbersPerPool: settings?.maxNumbersPerPool ?? null,
    maxMaskingNumbers: settings?.maxMaskingNumbers ?? null,
    maxReservedNumbers: settings?.maxReservedNumbers ?? null,
  }
}
