import Type from 'typebox'
import { ensureDefaultService } from '../../core/users/open-service.ts'
import { sid, uuidOfSid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findService } from '../../store/read/services.ts'
import { DEFAULT_TTL_S, MAX_TTL_S, makeAccessToken } from '../access-token.ts'
import type { HeddleApi } from './api.ts'

const Wish = Type.Object(
  {
    identity: Type.String({ minLength: 1, maxLength: 256 }),
    ttl: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_TTL_S, description: 'Seconds; an hour unless said' })),
    service: Type.Optional(Type.String({ description: 'IS...; the default conversation service unless said' })),
  },
  { additionalProperties: false },
)

const Token = Type.Object({
  token: Type.String(),
  identity: Type.String(),
  service: Type.String(),
  ttl: Type.Integer(),
})

/** `POST /v1/tokens`: an access token for a chat client, as a token server of the account's owner would make it. */
export function tokenRoutes({ app, core, account }: HeddleApi): void {
  app.post(
    '/v1/tokens',
    { schema: { summary: 'Make an access token for a chat client', body: Wish, response: { 201: Token } } },
    async (request, reply) => {
      const { accountId } = await account(request)
      const { identity, ttl = DEFAULT_TTL_S, service } = request.body
      const serviceId = service === undefined ? await ensureDefaultService(core, accountId) : await named(service)
      const token = await makeAccessToken(core, accountId, { identity, serviceId, ttlS: ttl })
      return reply.code(201).send({ token, identity, service: sid('IS', serviceId), ttl })

      async function named(text: string): Promise<string> {
        const id = uuidOfSid('IS', text)
        const found = id && (await findService(core.db, accountId, id))
        if (!found) throw new Refusal('not_found', `There is no service ${text}.`)
        return found.id
      }
    },
  )
}
