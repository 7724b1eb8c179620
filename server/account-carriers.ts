import { randomUUID } from 'node:crypto'
import type { Carrier } from './carriers/carrier.ts'
import { mountCarrier } from './carriers/mount-carrier.ts'
import { openCarrier } from './carriers/open-carrier.ts'
import { openCarrierDoors } from './core/carriers/carrier-doors.ts'
import { openCarrierLedger } from './core/carriers/carrier-ledger.ts'
import type { Core } from './core/core.ts'
import type { Doors } from './core/doors.ts'
import type { CarrierHealth } from './domain/carrier-health.ts'
import { carrierPath } from './domain/carrier-path.ts'
import { parseCarrier } from './domain/carrier-record.ts'
import { sid } from './domain/ids.ts'
import { type CarrierReport, spellCarrier } from './http/heddle/carrier-routes.ts'
import type { App } from './http/server.ts'
import type { HttpClient } from './kit/http-client.ts'
import type { Log } from './kit/log.ts'
import { carrierMemory } from './store/carrier-memory.ts'
import { type CarrierRow, listAllCarriers } from './store/carriers.ts'
import { listCarrierRecords } from './store/read/carriers.ts'
import type { NumberOwners } from './store/read/number-owners.ts'

export interface AccountCarriers {
  /** Opens all carriers of all accounts and mounts their callbacks; before the server listens. */
  open(server: App): Promise<void>
  /** Null for a carrier that tells nothing of itself. */
  health(id: string): CarrierHealth | null
  /** How the carriers of all accounts are, for the operator. */
  report(): Promise<CarrierReport[]>
}

/** The carriers that accounts have at providers of their own; they are added to `carriers`, by their ids. */
export function openAccountCarriers(deps: {
  core: Core
  doors: Doors
  owners: NumberOwners
  client: HttpClient
  carriers: Map<string, Carrier>
  log: Log
  onError: (error: unknown) => void
}): AccountCarriers {
  const { core, doors, owners, client, carriers, log, onError } = deps
  const { db, clock } = core
  const accountIds = new Set<string>()

  function openOne(server: App, { accountId, id, name, kind, settings, secrets }: CarrierRow): void {
    const draft = parseCarrier({ ...settings, ...JSON.parse(core.seal.open(secrets)), name, kind })
    const path = carrierPath(sid('AC', accountId), id)
    const carrier = openCarrier(draft, {
      id,
      doors: openCarrierDoors({ core, doors, owners }, { carrier: id, ownerId: accountId }),
      memory: carrierMemory(db, accountId, id),
      ledger: openCarrierLedger(core, { accountId, carrierId: id }),
      clock,
      client,
      callbackUrl: () => core.publicUrl + path,
      ids: randomUUID,
      onError,
      onNotice: message => log.warn({ carrier: name, account: accountId }, message),
    })
    carriers.set(id, carrier)
    mountCarrier(server, carrier, path)
    accountIds.add(accountId)
  }

  function health(id: string): CarrierHealth | null {
    return carriers.get(id)?.health?.() ?? null
  }

  return {
    async open(server) {
      for (const row of await listAllCarriers(db)) openOne(server, row)
    },
    health,
    async report() {
      const records = await Promise.all([...accountIds].map(accountId => listCarrierRecords(db, accountId)))
      const now = clock.world()
      return records.flat().map(record => {
        const { settings: _, numbers: __, ...shown } = spellCarrier(record, health(record.id), now)
        return shown
      })
    },
  }
}
