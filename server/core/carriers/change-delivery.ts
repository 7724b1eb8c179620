import type { CarrierRoute } from '../../domain/carrier-route.ts'
import {
  accountDelivery,
  numberDelivery,
  type WrittenAccountDelivery,
  type WrittenNumberDelivery,
} from '../../domain/delivery-settings.ts'
import { Refusal } from '../../domain/refusal.ts'
import { changeAccountSettings } from '../../store/account-settings.ts'
import { loadCarrierNames } from '../../store/carriers.ts'
import { changeNumberSettings } from '../../store/numbers.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'

/** The carrier that belongs to no account. */
const SIMULATOR = 'simulator'

/**
 * Changes how texts of an account leave and answers how they leave now, with the names of carriers; what is null is as by
 * default again. Refuses `not_found` when a route names a carrier that is neither the account's nor its parent's.
 */
export async function changeAccountDelivery(
  core: Core,
  accountId: string,
  change: WrittenAccountDelivery,
): Promise<WrittenAccountDelivery> {
  return act(core, accountId, async step => {
    const names = await CarrierNames.load(step)
    const before = accountDelivery(await step.ownerSettings())
    const delivery = withoutNulls({ ...before, ...names.toIds(change) })
    if (Object.keys(change).length > 0) {
      step.changes.add(changeAccountSettings, { settings: { delivery }, updatedAt: step.now })
      step.changes.touchConfig()
    }
    return names.toNames(delivery)
  })
}

/** The same of one number. Refuses `number_unknown` too. */
export async function changeNumberDelivery(
  core: Core,
  accountId: string,
  number: string,
  change: WrittenNumberDelivery,
): Promise<WrittenNumberDelivery> {
  return act(core, accountId, async step => {
    const names = await CarrierNames.load(step)
    const route = (await step.numberRoutes([number])).get(number)
    if (!route) throw new Refusal('number_unknown', `${number} is not a number of this account.`, { number })
    const delivery = withoutNulls({ ...numberDelivery(route.settings), ...names.toIds(change) })
    if (Object.keys(change).length > 0) {
      const row = { id: route.id, settings: { delivery }, updatedAt: step.now, version: step.tick() }
      step.changes.add(changeNumberSettings, row)
      step.changes.touchConfig()
    }
    return names.toNames(delivery)
  })
}

/** Carriers that the account's numbers may leave by: its own, its parent's, and the simulated one. */
class CarrierNames {
  readonly #ids: Map<string, string>

  private constructor(ids: Map<string, string>) {
    this.#ids = ids
  }

  static async load(step: Act): Promise<CarrierNames> {
    const rows = await step.load<{ id: string; name: string }>(loadCarrierNames, [step.accountId])
    return new CarrierNames(
      new Map([[SIMULATOR, SIMULATOR], ...rows.map(({ id, name }): [string, string] => [name, id])]),
    )
  }

  toIds<Delivery extends { routes?: CarrierRoute[] | null }>(written: Delivery): Delivery {
    return mapCarriers(written, name => {
      const id = this.#ids.get(name)
      if (id === undefined) throw new Refusal('not_found', `There is no carrier ${name}.`)
      return id
    })
  }

  toNames<Delivery extends { routes?: CarrierRoute[] | null }>(kept: Delivery): Delivery {
    const names = new Map([...this.#ids].map(([name, id]) => [id, name]))
    return mapCarriers(kept, id => names.get(id) ?? id)
  }
}

function mapCarriers<Delivery extends { routes?: CarrierRoute[] | null }>(
  delivery: Delivery,
  map: (carrier: string) => string,
): Delivery {
  if (!delivery.routes) return delivery
  return {
    ...delivery,
    routes: delivery.routes.map(({ prefix, carriers }) => ({ prefix, carriers: carriers.map(map) })),
  }
}

function withoutNulls<Delivery extends object>(delivery: Delivery): Delivery {
  return Object.fromEntries(Object.entries(delivery).filter(([, value]) => value != null)) as Delivery
}
