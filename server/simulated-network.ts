import { simulatorRoutes } from './carriers/simulator/routes.ts'
import type { SimulatorRouteDeps } from './carriers/simulator/scope.ts'
import { openSimulator, type Simulator } from './carriers/simulator/simulator.ts'
import { openCarrierDoors } from './core/carriers/carrier-doors.ts'
import type { Core } from './core/core.ts'
import type { Doors } from './core/doors.ts'
import { smsSidOf } from './core/sending/sms-sid.ts'
import { newId } from './domain/ids.ts'
import type { Credentials } from './http/credentials.ts'
import { accountOf } from './http/heddle/account.ts'
import { answerError } from './http/heddle/errors.ts'
import type { App } from './http/server.ts'
import type { NumberOwners } from './store/read/number-owners.ts'
import { findSmsByCarrierIds } from './store/read/sms-sids.ts'
import { simulatorLog } from './store/simulator-log.ts'

/** The simulator's id among the carriers. */
export const SIMULATOR = 'simulator'

/** The simulated network on the house's own database, bringing texts to the house's doors. */
export function openSimulatedNetwork(deps: {
  core: Core
  doors: Doors
  owners: NumberOwners
  onError: (error: unknown) => void
}): Simulator {
  const { core, doors, owners, onError } = deps
  return openSimulator({
    log: simulatorLog(core.db.writers),
    clock: core.clock,
    // In the order of time, as those of many carriers: new ones land at the end of an index.
    ids: () => newId(core.clock.machineMs()),
    numbersOf: owners.ownedBy,
    onError,
    doors: openCarrierDoors({ core, doors, owners }, { carrier: SIMULATOR, ownerId: null }),
  })
}

/** Its phones, clock and faults under /simulator, whose errors are spelled as those of our own API. */
export function registerSimulator(
  server: App,
  deps: Pick<SimulatorRouteDeps, 'simulator' | 'advanceClock' | 'fetchMedia'> & {
    core: Core
    owners: NumberOwners
    credentials: Credentials
    onError: (error: unknown) => void
  },
): void {
  const { core, owners, credentials, onError, ...rest } = deps
  server.register(async app => {
    app.setErrorHandler((error, request, reply) => answerError(error, request, reply, onError))
    simulatorRoutes(app, {
      ...rest,
      clock: core.clock,
      authenticate: request => accountOf(credentials, request),
      numbersOf: owners.ownedBy,
      async sidsOf(accountId, ids) {
        const found = await findSmsByCarrierIds(core.db, accountId, SIMULATOR, ids)
        return new Map(found.map(sms => [sms.carrierMessageId, smsSidOf(sms)]))
      },
    })
  })
}
