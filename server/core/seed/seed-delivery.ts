import { Refusal } from '../../domain/refusal.ts'
import type { SeedAccount } from '../../domain/seed.ts'
import { changeAccountDelivery, changeNumberDelivery } from '../carriers/change-delivery.ts'
import type { Core } from '../core.ts'

/** How texts leave follows the seed, as carriers do; what it leaves out stays as it is. */
export async function seedDelivery(core: Core, accountId: string, account: SeedAccount): Promise<void> {
  if (account.delivery) await changeAccountDelivery(core, accountId, account.delivery)
  for (const { number, delivery } of account.numbers ?? []) {
    if (delivery) await changeNumberDelivery(core, accountId, number, delivery).catch(unlessGivenUp)
  }
}

/** A number that was given up since stays away. */
function unlessGivenUp(error: unknown): void {
  if (!(error instanceof Refusal) || error.code !== 'number_unknown') throw error
}
