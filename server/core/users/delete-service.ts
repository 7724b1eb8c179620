import { Refusal } from '../../domain/refusal.ts'
import type { AddressRule } from '../../store/addresses.ts'
import { loadAddressRulesOfService, updateAddress } from '../../store/addresses.ts'
import { loadThreadIdsOfService } from '../../store/threads.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import type { Cause } from '../threads/thread-events.ts'
import { loadService, storeService } from './change-service.ts'
import { defaultServiceId } from './open-service.ts'

/** Threads deleted in one act: each writes its row, its pairs and what is told of it. */
const MAX_THREADS_AN_ACT = 100

/**
 * Deletes a service with the conversations that are open in it, so that their pairs are free; what else is in it can be
 * reached no more as a conversation. Addresses that named it open threads in the default one. Threads go in batches before the service does: what a
 * crash interrupts is finished by asking again. Refuses `not_found`, and `in_use` for the default one.
 */
export async function deleteService(core: Core, accountId: string, serviceId: string, cause: Cause): Promise<void> {
  let isDone = false
  while (!isDone) {
    isDone = await act(core, accountId, async step => {
      const service = await loadService(step, serviceId)
      if (serviceId === (await defaultServiceId(step))) {
        throw new Refusal('in_use', 'The default service cannot be deleted.', { what: 'service' })
      }
      if (await deleteThreads(step, serviceId, cause)) return false
      await leaveAddresses(step, serviceId)
      storeService(step, { ...service, deletedAt: step.now })
      return true
    })
  }
}

/** Deletes some of the threads that are open in the service. True when there were any. */
async function deleteThreads(step: Act, serviceId: string, cause: Cause): Promise<boolean> {
  const rows = await step.load<{ id: string }>(loadThreadIdsOfService, [step.accountId, serviceId, MAX_THREADS_AN_ACT])
  if (rows.length === 0) return false
  const book = await ThreadBook.load(step, { ids: rows.map(({ id }) => id) })
  await book.lookUp(book.wirePairs())
  for (const live of rows.flatMap(({ id }) => book.find(id) ?? [])) book.delete(live, cause)
  book.store()
  return true
}

async function leaveAddresses(step: Act, serviceId: string): Promise<void> {
  for (const rule of await step.load<AddressRule>(loadAddressRulesOfService, [step.accountId, serviceId])) {
    const { serviceId: _, ...autoCreation } = rule.autoCreation
    step.changes.add(updateAddress, { ...rule, autoCreation, updatedAt: step.now, version: step.tick() })
  }
}
