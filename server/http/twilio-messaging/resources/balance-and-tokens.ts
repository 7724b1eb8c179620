import { randomSecret } from '../../../core/accounts/random-secret.ts'
import { sid } from '../../../domain/ids.ts'
import { TwilioError } from '../../twilio-errors.ts'
import type { TwilioResources } from '../../twilio-routes.ts'
import { datesOf } from './spelling.ts'

/** Source: Twilio, Tokens, `Ttl`: a day. */
const DEFAULT_TTL_S = 86_400

/** What programs ask for that has nothing behind it here: nobody is billed, and no media is relayed. */
export function balanceAndTokens({ core, resource }: TwilioResources): void {
  resource('/Accounts/:accountSid/Balance', {
    fetch: async ({ accountId }) => ({ account_sid: sid('AC', accountId), balance: '0.00', currency: 'USD' }),
  })

  resource('/Accounts/:accountSid/Tokens', {
    async create({ accountId, parameters }) {
      const ttl = parameters.integer('Ttl') ?? DEFAULT_TTL_S
      if (ttl < 1 || ttl > DEFAULT_TTL_S) throw new TwilioError(400, 20001, `Invalid Ttl: ${ttl}`)
      const now = core.clock.world()
      return {
        account_sid: sid('AC', accountId),
        ...datesOf({ createdAt: now, updatedAt: now }),
        ice_servers: [],
        password: randomSecret(),
        ttl: String(ttl),
        username: randomSecret(),
      }
    },
  })
}
