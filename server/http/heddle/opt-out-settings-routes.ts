import Type from 'typebox'
import { findOptOutSettings, setOptOutSettings } from '../../core/opt-outs/opt-out-settings.ts'
import type { OptOutSettings } from '../../domain/opt-out-settings.ts'
import { LANGUAGES } from '../../domain/opt-out-words.ts'
import type { HeddleApi } from './api.ts'
import { readScope } from './opt-out-routes.ts'

/** A reply is one text. */
const MAX_REPLY = 1600
const MAX_WORDS = 200

const Language = Type.Union(LANGUAGES.map(language => Type.Literal(language)))
const Words = Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: MAX_WORDS }))
const Reply = Type.Optional(Type.String({ maxLength: MAX_REPLY }))
const Replies = Type.Object({ stop: Reply, start: Reply, help: Reply }, { additionalProperties: false })
const Settings = Type.Object(
  {
    advanced: Type.Optional(Type.Boolean()),
    autoReply: Type.Optional(Type.Boolean()),
    languages: Type.Optional(Type.Array(Language)),
    replies: Type.Optional(
      Type.Object(Object.fromEntries(LANGUAGES.map(language => [language, Type.Optional(Replies)])), {
        additionalProperties: false,
      }),
    ),
    extraStopWords: Words,
    extraStartWords: Words,
    extraHelpWords: Words,
    ignoredWords: Words,
  },
  { additionalProperties: false },
)
const Shown = Type.Unsafe<OptOutSettings>(Settings)
const Path = Type.Object({ scope: Type.String() })

/**
 * `GET` and `PUT /v1/opt-outs/settings/{scope}`: which words count on a number or in a pool, in which languages, what is
 * answered (an empty text: nothing), whether anything is, and whether apps are told. A pool's settings count for all its
 * numbers.
 */
export function optOutSettingsRoutes({ app, core, account }: HeddleApi): void {
  const getting = { summary: 'Get how opt-outs work on a number or in a pool', params: Path, response: { 200: Shown } }
  app.get('/v1/opt-outs/settings/:scope', { schema: getting }, async request => {
    const { accountId } = await account(request)
    return findOptOutSettings(core, accountId, readScope(request.params.scope))
  })

  const setting = {
    summary: 'Set how opt-outs work on a number or in a pool',
    params: Path,
    body: Settings,
    response: { 200: Shown },
  }
  app.put('/v1/opt-outs/settings/:scope', { schema: setting }, async request => {
    const { accountId } = await account(request)
    return setOptOutSettings(core, accountId, { scope: readScope(request.params.scope), settings: request.body })
  })
}
