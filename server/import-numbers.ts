import type { Carrier } from './carriers/carrier.ts'
import type { Core } from './core/core.ts'
import { takeCarriedNumber } from './core/numbers/take-carried-number.ts'
import type { CarrierNumbers, NumberImports, RemoteNumber } from './domain/carrier-numbers.ts'
import { Refusal } from './domain/refusal.ts'
import { type CarrierKey, keepNumber, listKeptNumbers, markRestored } from './store/carrier-ledger.ts'
import { listCarriers } from './store/carriers.ts'

/** Takes over the numbers that accounts have at their carriers: between the acts of the house, carriers are asked. */
export function openNumberImports(core: Core, carriers: ReadonlyMap<string, Carrier>): NumberImports {
  const { db } = core

  async function find(accountId: string, asked: string): Promise<{ key: CarrierKey; remote: CarrierNumbers }> {
    const found = (await listCarriers(db, accountId)).find(({ id, name }) => id === asked || name === asked)
    if (!found) throw new Refusal('not_found', `The account has no carrier ${asked}.`)
    const remote = carriers.get(found.id)?.numbers
    if (!remote) throw new Refusal('not_found', `The carrier ${asked} has no numbers to import.`)
    return { key: { accountId, carrierId: found.id }, remote }
  }

  async function listed(key: CarrierKey, numbers: RemoteNumber[]) {
    const kept = new Map((await listKeptNumbers(db, key)).map(each => [each.number, each]))
    return numbers.map(({ number, pointsTo, isHere }) => {
      const known = kept.get(number)
      return { number, pointsTo, isHere, isImported: known !== undefined && known.restoredAt === null }
    })
  }

  return {
    async list(accountId, carrier) {
      const { key, remote } = await find(accountId, carrier)
      return listed(key, await remote.list())
    },

    async take(accountId, carrier, asked) {
      const { key, remote } = await find(accountId, carrier)
      const all = await remote.list()
      const chosen = asked === null ? all : asked.map(number => get(all, number))
      for (const number of chosen) {
        // Before its first text can come here the number is ours, and before its texts leave their old way that is kept.
        await takeCarriedNumber(core, accountId, { number: number.number, carrierId: key.carrierId })
        await keepNumber(db, key, { ...number, now: core.clock.world() })
        if (!number.isHere) await remote.pointHere(number)
      }
      const taken = new Set(chosen.map(({ number }) => number))
      return listed(
        key,
        (await remote.list()).filter(({ number }) => taken.has(number)),
      )
    },

    async putBack(accountId, carrier, number) {
      const { key, remote } = await find(accountId, carrier)
      const kept = (await listKeptNumbers(db, key)).find(each => each.number === number && each.restoredAt === null)
      if (!kept) throw new Refusal('number_unknown', `${number} was not imported from ${carrier}.`)
      await remote.putBack(kept.before)
      await markRestored(db, key, { number, now: core.clock.world() })
    },
  }
}

function get(numbers: RemoteNumber[], asked: string): RemoteNumber {
  const found = numbers.find(({ number }) => number === asked)
  if (!found) throw new Refusal('number_unknown', `The carrier has no number ${asked}.`)
  return found
}
