import { isUuid } from '../../domain/ids.ts'
import { canonicalPhoneNumber } from '../../domain/phone-number.ts'
import { parseWireTime } from '../../domain/wire-time.ts'
import type { PageAsked } from '../../store/read/inbox-parts.ts'
import { invalidParameter } from './errors.ts'

const MAX_PER_PAGE = 1000
const MAX_PAGE = 1000
const DEFAULT_PER_PAGE = 100
/** Ids that one filter takes. */
const MAX_IDS = 10
const NOT_OF_LISTS = ['page', 'pageNumber', 'perPage', 'access_token']

/**
 * The query of a request. An empty value is no value: the SDK renders `undefined` so. Unknown parameters are passed
 * over; official clients send some. Each reader refuses 400 CMN-101.
 */
export class Query {
  readonly #values: Record<string, unknown>

  constructor(query: unknown) {
    this.#values = typeof query === 'object' && query !== null ? (query as Record<string, unknown>) : {}
  }

  all(name: string): string[] {
    const value = this.#values[name]
    const values = Array.isArray(value) ? value : [value]
    return [...new Set(values.filter(each => typeof each === 'string' && each !== ''))] as string[]
  }

  /** A list's URI with all that was asked of it but its page and who asked. */
  listUri(uri: string): string {
    const names = Object.keys(this.#values).filter(name => !NOT_OF_LISTS.includes(name))
    const pairs = names.flatMap(name => this.all(name).map((value): [string, string] => [name, value]))
    return pairs.length > 0 ? `${uri}?${new URLSearchParams(pairs)}` : uri
  }

  text(name: string): string | null {
    return this.all(name)[0] ?? null
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | null {
    const [chosen] = this.manyOf(name, choices)
    return chosen ?? null
  }

  manyOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice[] {
    return this.all(name).map(value => {
      const found = choices.find(choice => choice === value)
      if (!found) throw invalidParameter(name, value)
      return found
    })
  }

  /** Up to ten decimal ids; null when none is asked for. */
  decimals(name: string): string[] | null {
    return this.#ids(name, id => /^[0-9]{1,15}$/.test(id))
  }

  /** Up to ten UUIDs, in small letters; null when none is asked for. */
  uuids(name: string): string[] | null {
    const ids = this.#ids(name, isUuid)
    return ids && [...new Set(ids.map(id => id.toLowerCase()))]
  }

  #ids(name: string, isId: (id: string) => boolean): string[] | null {
    const ids = this.all(name)
    if (ids.length > MAX_IDS) throw invalidParameter(name, ids)
    const wrong = ids.find(id => !isId(id))
    if (wrong !== undefined) throw invalidParameter(name, wrong)
    return ids.length > 0 ? ids : null
  }

  /** A moment; one without a zone is in UTC. */
  date(name: string): Date | null {
    const value = this.text(name)
    if (value === null) return null
    const date = parseWireTime(value)
    if (!date) throw invalidParameter(name, value)
    return date
  }

  phoneNumber(name: string): string | null {
    const value = this.text(name)
    if (value === null) return null
    const number = canonicalPhoneNumber(value)
    if (!number) throw invalidParameter(name, value)
    return number
  }

  flag(name: string): boolean {
    return this.oneOf(name, ['true', 'false']) === 'true'
  }

  /** `availability`: alive ones unless said. */
  availability(): ('alive' | 'deleted')[] {
    const asked = this.manyOf('availability', ['Alive', 'Deleted'])
    const wanted = asked.length > 0 ? asked : ['Alive']
    return wanted.map(each => (each === 'Alive' ? 'alive' : 'deleted'))
  }

  /** `page` and `perPage`; the latter is cut to 1000. Official clients also say `pageNumber`. */
  page(): PageAsked {
    const page = this.#count('page') ?? this.#count('pageNumber') ?? 1
    if (page > MAX_PAGE) throw invalidParameter('page', String(page))
    return { page, perPage: Math.min(MAX_PER_PAGE, this.#count('perPage') ?? DEFAULT_PER_PAGE) }
  }

  #count(name: string): number | null {
    const value = this.text(name)
    if (value === null) return null
    if (!/^[0-9]+$/.test(value) || Number(value) < 1) throw invalidParameter(name, value)
    return Number(value)
  }
}
