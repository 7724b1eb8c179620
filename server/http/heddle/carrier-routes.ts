import Type from 'typebox'
import type { CarrierHealth } from '../../domain/carrier-health.ts'
import { carrierPath } from '../../domain/carrier-path.ts'
import { sid } from '../../domain/ids.ts'
import { type CarrierRecord, listCarrierRecords } from '../../store/read/carriers.ts'
import type { HeddleApi } from './api.ts'
import { Nullable } from './schemas.ts'

const Record = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  settings: Type.Record(Type.String(), Type.Unknown()),
  numbers: Type.Integer(),
  /** Below it are `/inbound` and `/status`, where a carrier that speaks HTTP calls; null for others. */
  callbackUrl: Nullable(Type.String()),
  isBound: Type.Boolean(),
  links: Type.Object({ bound: Type.Integer(), wanted: Type.Integer() }),
  lastError: Nullable(Type.String()),
  perSecond: Nullable(Type.Number()),
  queueAgeSeconds: Nullable(Type.Number()),
})

const NOT_OPEN: CarrierHealth = {
  isBound: false,
  links: { bound: 0, wanted: 0 },
  lastError: 'It is opened at the next start of the server.',
  perSecond: null,
}

/** `/v1/carriers`: the account's carriers and how this node is bound to them. Secrets are never shown. */
export function carrierRoutes({ app, core, account }: HeddleApi, healthOf: (id: string) => CarrierHealth | null): void {
  app.get(
    '/v1/carriers',
    {
      schema: {
        summary: 'List the carriers of the account and how they are',
        response: { 200: Type.Object({ records: Type.Array(Record) }) },
      },
    },
    async request => {
      const { accountId } = await account(request)
      const carriers = await listCarrierRecords(core.db, accountId)
      const now = core.clock.world()
      const urlOf = (id: string) => core.publicUrl + carrierPath(sid('AC', accountId), id)
      return {
        records: carriers.map(carrier => ({
          ...spellCarrier(carrier, healthOf(carrier.id), now),
          callbackUrl: carrier.kind === 'smpp' ? null : urlOf(carrier.id),
        })),
      }
    },
  )
}

/** What the operator is told of a carrier. */
export type CarrierReport = Omit<ReturnType<typeof spellCarrier>, 'settings' | 'numbers'>

/** A carrier with how it is; without health it is not open. */
export function spellCarrier({ waitingSince, ...carrier }: CarrierRecord, health: CarrierHealth | null, now: Date) {
  const queueAgeSeconds = waitingSince === null ? null : (now.getTime() - waitingSince.getTime()) / 1000
  return { ...carrier, ...(health ?? NOT_OPEN), queueAgeSeconds }
}
