import { numberSettings } from '../../domain/number-settings.ts'
import type { NameRoute, NumberRoute, SenderRoute } from '../../store/numbers.ts'
import type { Act } from '../step.ts'

/** Numbers and names of the account, looked up once for all texts of an act. */
export class SenderRoutes {
  readonly #numbers: Map<string, NumberRoute>
  readonly #names: readonly Readonly<NameRoute>[]

  private constructor(numbers: Map<string, NumberRoute>, names: readonly Readonly<NameRoute>[]) {
    this.#numbers = numbers
    this.#names = names
  }

  static async load(step: Act, addresses: Iterable<string>): Promise<SenderRoutes> {
    const { names } = await step.senders()
    const known = new Set(names.map(({ number }) => number))
    const numbers = [...addresses].filter(address => !known.has(address))
    return new SenderRoutes(await step.numberRoutes(numbers), names)
  }

  /** The number or name of that spelling; of names that several pools have, the pool's own, else the oldest. */
  get(address: string | null, poolId: string | null = null): SenderRoute | undefined {
    if (address === null) return undefined
    const names = this.#names.filter(({ number }) => number === address)
    return this.#numbers.get(address) ?? names.find(name => name.poolId === poolId) ?? names[0]
  }

  /** All of the numbers that were found. */
  numbers(): ReadonlyMap<string, NumberRoute> {
    return this.#numbers
  }
}

/** What a sender can do. A name carries words and nothing else. */
export function abilitiesOf(route: SenderRoute): { sms: boolean; mms: boolean } {
  return route.kind === 'name' ? { sms: true, mms: false } : numberSettings(route.settings).capabilities
}
