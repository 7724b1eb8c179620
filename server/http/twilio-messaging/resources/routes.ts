import type { TwilioResources } from '../../twilio-routes.ts'
import { accounts } from './accounts.ts'
import { applications } from './applications.ts'
import { availableNumbers } from './available-numbers.ts'
import { balanceAndTokens } from './balance-and-tokens.ts'
import { incomingNumbers, incomingNumbersByKind } from './incoming-numbers.ts'
import { keys } from './keys.ts'
import { servePlain } from './plain-resource.ts'
import { shortCodes } from './short-codes.ts'

/** Everything of the 2010-04-01 API around messages: accounts, their numbers, keys and applications. */
export function resourceRoutes(resources: TwilioResources): void {
  const { core, credentials } = resources
  accounts(resources)
  servePlain(resources, applications(core))
  servePlain(resources, keys(core, credentials, { path: 'Keys', name: 'keys' }))
  servePlain(resources, keys(core, credentials, { path: 'SigningKeys', name: 'signing_keys' }))
  servePlain(resources, shortCodes(core))
  incomingNumbersByKind(resources)
  servePlain(resources, incomingNumbers(core, credentials))
  availableNumbers(resources)
  balanceAndTokens(resources)
}
