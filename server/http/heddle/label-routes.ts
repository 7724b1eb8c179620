import Type from 'typebox'
import { labelSenders } from '../../core/threads/label-senders.ts'
import { changeService } from '../../core/users/change-service.ts'
import { isUuid, type SidPrefix, uuidOfSid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { HeddleApi } from './api.ts'

const STRICT = { additionalProperties: false }
const Nullable = Type.Union([Type.Boolean(), Type.Null()])
const Path = Type.Object({ id: Type.String() })
const ThreadLabels = Type.Object({ on: Nullable }, STRICT)
const ServiceLabels = Type.Object({ on: Type.Boolean() }, STRICT)

/**
 * Whether texts to phones begin with their author's name, "Ann: ...": `PUT /v1/threads/{id}/labels` for one thread (null:
 * as its service says) and `PUT /v1/services/{id}/labels` for all threads of a service. Off unless set.
 */
export function labelRoutes({ app, core, account }: HeddleApi): void {
  app.put(
    '/v1/threads/:id/labels',
    {
      schema: {
        summary: 'Name authors in the texts of a thread',
        params: Path,
        body: ThreadLabels,
        response: { 200: ThreadLabels },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { on } = request.body
      await labelSenders(core, accountId, idOf('CH', request.params.id), on)
      return { on }
    },
  )

  app.put(
    '/v1/services/:id/labels',
    {
      schema: {
        summary: 'Name authors in the texts of all threads of a service',
        params: Path,
        body: ServiceLabels,
        response: { 200: ServiceLabels },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { on } = request.body
      await changeService(core, accountId, idOf('IS', request.params.id), { labelsSenders: on })
      return { on }
    },
  )
}

/** The id, as a SID or a UUID. Refuses `not_found`. */
function idOf(prefix: SidPrefix, text: string): string {
  const id = isUuid(text) ? text.toLowerCase() : uuidOfSid(prefix, text)
  if (!id) throw new Refusal('not_found', `There is nothing with the id ${text}.`)
  return id
}
