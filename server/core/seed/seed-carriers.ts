import { type CarrierDraft, parseCarrier } from '../../domain/carrier-record.ts'
import { newId } from '../../domain/ids.ts'
import type { SeedAccount } from '../../domain/seed.ts'
import { listCarriers, putCarrier } from '../../store/carriers.ts'
import type { Core } from '../core.ts'

/** The carrier that a number has when none is named: it belongs to no account. */
const SIMULATOR = 'simulator'

/** Carriers follow the seed: what it says of one replaces what was said before. Answers their ids by name. */
export async function seedCarriers(core: Core, accountId: string, account: SeedAccount): Promise<Map<string, string>> {
  for (const written of account.carriers ?? []) await keepCarrier(core, accountId, parseCarrier(written))
  const carriers = await listCarriers(core.db, accountId)
  return new Map([[SIMULATOR, SIMULATOR], ...carriers.map(({ name, id }): [string, string] => [name, id])])
}

async function keepCarrier(core: Core, accountId: string, draft: CarrierDraft): Promise<void> {
  const { name, kind, settings, secrets } = draft
  const now = core.clock.world()
  await putCarrier(core.db, {
    accountId,
    id: newId(now.getTime()),
    name,
    kind,
    settings,
    secrets: core.seal.seal(JSON.stringify(secrets)),
    now,
  })
}

/** The id of the carrier that a number of the seed names. Throws when the account has none of that name. */
export function carrierNamed(carriers: Map<string, string>, name: string | undefined, number: string): string {
  const id = carriers.get(name ?? SIMULATOR)
  if (id !== undefined) return id
  throw new Error(`The seed gives ${number} to the carrier ${name}, which the account does not have.`)
}
