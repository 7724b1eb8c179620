import Type from 'typebox'
import { setThreadCalls } from '../../core/accounts/set-thread-calls.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import type { HeddleApi } from './api.ts'

const STRICT = { additionalProperties: false }
const Nullable = Type.Union([Type.Boolean(), Type.Null()])
const NumberPath = Type.Object({ number: Type.String() })
const NumberBody = Type.Object({ on: Nullable }, STRICT)
const AccountBody = Type.Object({ on: Type.Boolean() }, STRICT)

/**
 * Whether apps are also told of texts that belong to a thread: `PUT /v1/thread-calls` for the account and
 * `PUT /v1/numbers/{number}/thread-calls` for one number (null: as the account says). Off unless set.
 */
export function threadCallRoutes({ app, core, account }: HeddleApi): void {
  app.put(
    '/v1/thread-calls',
    {
      schema: {
        summary: 'Tell apps of texts that belong to threads',
        body: AccountBody,
        response: { 200: AccountBody },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { on } = request.body
      await setThreadCalls(core, accountId, { number: null, on })
      return { on }
    },
  )

  app.put(
    '/v1/numbers/:number/thread-calls',
    {
      schema: {
        summary: 'Tell the app of one number of texts that belong to threads',
        params: NumberPath,
        body: NumberBody,
        response: { 200: NumberBody },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const { on } = request.body
      const { number } = request.params
      await setThreadCalls(core, accountId, { number: canonicalAddress(number) ?? number, on })
      return { on }
    },
  )
}
