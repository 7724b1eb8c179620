import { classifyAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { listCarriers } from '../../store/carriers.ts'
import type { PoolSender } from '../../store/pool-senders.ts'
import type { Core } from '../core.ts'
import { addPoolSender, type PoolSenderDraft } from './pool-senders.ts'

/** The carrier that belongs to no account. */
const SIMULATOR = 'simulator'

export interface NameDraft {
  name: string
  /** Two letters; absent: all countries that take names. */
  country?: string
  /** A carrier of the account, by its name; absent: who carries the pool's numbers. */
  carrier?: string
}

/**
 * Lets a pool send by a name. Refuses `address_invalid` one that carriers would not take, `not_found` a carrier that the
 * account does not have, `pool_unknown`, and `in_use` when the pool has a name for those countries already.
 */
export async function addPoolName(
  core: Core,
  accountId: string,
  poolId: string,
  draft: NameDraft,
): Promise<PoolSender> {
  return addPoolSender(core, accountId, await nameSender(core, accountId, poolId, draft))
}

/** The sender that a name is to its pool. Refuses `address_invalid` and `not_found`. */
export async function nameSender(
  core: Core,
  accountId: string,
  poolId: string,
  { name, country, carrier }: NameDraft,
): Promise<PoolSenderDraft> {
  if (classifyAddress(name) !== 'alphanumeric') throw new Refusal('address_invalid', `${name} is no sender's name.`)
  return {
    poolId,
    kind: country === undefined ? 'alpha' : 'destination_alpha',
    sender: name,
    country: country ?? null,
    carrier: carrier === undefined ? null : await carrierId(core, accountId, carrier),
  }
}

async function carrierId(core: Core, accountId: string, name: string): Promise<string> {
  if (name === SIMULATOR) return SIMULATOR
  const found = (await listCarriers(core.db, accountId)).find(carrier => carrier.name === name)
  if (!found) throw new Refusal('not_found', `The account has no carrier ${name}.`)
  return found.id
}
