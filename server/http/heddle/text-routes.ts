import Type from 'typebox'
import { uuidOfSid } from '../../domain/ids.ts'
import { PRIORITIES } from '../../domain/priority.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findTextFate } from '../../store/read/text-fate.ts'
import { listUnknownTexts } from '../../store/read/unknown-texts.ts'
import type { HeddleApi } from './api.ts'
import { NumberPage } from './pool-schemas.ts'
import { Nullable } from './schemas.ts'

const UnknownTexts = Type.Object({
  records: Type.Array(
    Type.Object({
      id: Type.String({ format: 'uuid' }),
      number: Type.String(),
      person: Nullable(Type.String()),
      carrier: Nullable(Type.String()),
      createdAt: Type.String({ format: 'date-time' }),
      since: Type.String({ format: 'date-time' }),
    }),
  ),
  next: Nullable(Type.Integer()),
})
const Text = Type.Object({
  id: Type.String({ format: 'uuid' }),
  direction: Type.Enum(['in', 'out']),
  number: Nullable(Type.String()),
  person: Nullable(Type.String()),
  status: Type.String({ description: '`unknown`: it may or may not have been sent' }),
  priority: Type.Enum(PRIORITIES),
  carrier: Nullable(Type.String({ description: 'The one that took it, or is to take it' })),
  carrierMessageId: Nullable(Type.String()),
  carrierCode: Nullable(Type.String({ description: "The carrier's own word for what went wrong" })),
  errorCode: Nullable(Type.Integer()),
  errorMessage: Nullable(Type.String()),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(Type.String({ format: 'date-time' })),
  validUntil: Nullable(Type.String({ format: 'date-time' })),
  createdAt: Type.String({ format: 'date-time' }),
})
const DEFAULT_PAGE = 100

/** `/v1/texts`: how texts fared, as no dialect of a vendor can say it. */
export function textRoutes({ app, core, account }: HeddleApi): void {
  app.get(
    '/v1/texts/:text',
    {
      schema: {
        summary: 'Tell how a text fared, in the words of its carrier too',
        params: Type.Object({ text: Type.String({ description: 'Its SID or UUID' }) }),
        response: { 200: Text },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { text } = request.params
      const found = await findTextFate(core.db, accountId, uuidOfSid(['SM', 'MM'], text) ?? text)
      if (!found) throw new Refusal('not_found', `There is no text ${text}.`)
      const { createdAt, nextAttemptAt, validUntil, rank, ...rest } = found
      return {
        ...rest,
        priority: PRIORITIES[rank] ?? 'normal',
        createdAt: createdAt.toISOString(),
        nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
        validUntil: validUntil?.toISOString() ?? null,
      }
    },
  )

  app.get(
    '/v1/texts/unknown',
    {
      schema: {
        summary: 'List texts that may or may not have been sent, oldest first',
        querystring: NumberPage,
        response: { 200: UnknownTexts },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { after, limit = DEFAULT_PAGE } = request.query
      const texts = await listUnknownTexts(core.db, { accountId, after, limit })
      return {
        records: texts.map(({ createdAt, since, born: _, ...text }) => ({
          ...text,
          createdAt: createdAt.toISOString(),
          since: since.toISOString(),
        })),
        next: texts.length === limit ? (texts.at(-1)?.born ?? null) : null,
      }
    },
  )
}
