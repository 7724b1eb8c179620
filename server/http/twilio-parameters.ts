import { cleanText } from '../domain/text.ts'
import { TwilioError } from './twilio-errors.ts'

/** `MediaUrl[0]`, `MediaUrl[]`: what clients make of lists in a form. */
const BRACKETED = /^([^[\]]+)\[([^[\]]*)\]$/
/** Objects in objects, as forms spell them: `Attributes[key][inner]`. Deeper ones are nobody's attributes. */
const MAX_DEPTH = 20

/**
 * The parameters of one request, from its form, JSON body or query. Names that no route asks for are ignored, as
 * Twilio does. Every text is cleaned of what the database cannot hold.
 */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: unknown) {
    this.#values = typeof values === 'object' && values !== null ? (values as Record<string, unknown>) : {}
  }

  /** The value as it was sent; of a repeated name the last. Undefined when it was not sent; a null is an empty text. */
  text(name: string): string | undefined {
    const value = this.#values[name]
    if (typeof value === 'string') return cleanText(value)
    return value === undefined ? undefined : asText(Array.isArray(value) ? value.at(-1) : value)
  }

  /**
   * The value as it was sent, unless it is blank. For phone numbers: a plus sign that was not escaped arrives as a
   * leading space, which is all that tells it from a number without one.
   */
  address(name: string): string | undefined {
    const value = this.text(name)
    return value?.trim() === '' ? undefined : value
  }

  /** The value, trimmed, unless it was not sent or is empty. */
  filled(name: string): string | undefined {
    const value = this.text(name)?.trim()
    return value === '' ? undefined : value
  }

  /** Every value of a repeated name, also spelled `Name[]` and `Name[0]`; empty ones are left out. */
  list(name: string): string[] {
    const plain = this.#values[name]
    const values = plain === undefined ? [] : Array.isArray(plain) ? plain : [plain]
    const all = [...values, ...this.#bracketed(name).flatMap(([, value]) => value)]
    return all.map(asText).filter(value => value !== '')
  }

  /** `true` or `false` in any case; undefined when not sent, empty or something else. */
  flag(name: string): boolean | undefined {
    const value = this.filled(name)?.toLowerCase()
    if (value === 'true' || value === '1') return true
    if (value === 'false' || value === '0') return false
    return undefined
  }

  /** A whole number. Refuses anything else with `code` (20001 unless said) and HTTP 400. */
  integer(name: string, code = 20001): number | undefined {
    const value = this.filled(name)
    if (value === undefined) return undefined
    if (!/^[+-]?[0-9]{1,15}$/.test(value)) throw new TwilioError(400, code, `Invalid ${name}: ${value}`)
    return Number(value)
  }

  /** One of the given words, in any case. Refuses anything else with `code` and HTTP 400. */
  oneOf<Word extends string>(name: string, words: readonly Word[], code = 20001): Word | undefined {
    const value = this.filled(name)?.toLowerCase()
    if (value === undefined) return undefined
    const found = words.find(word => word.toLowerCase() === value)
    if (found === undefined) throw new TwilioError(400, code, `Invalid ${name}: ${value}`)
    return found
  }

  /**
   * A JSON text. Programs also hand the SDK an object, which arrives as `Name[key]=value` and `Name[key][inner]=value` pairs
   * (or, in a JSON body, as an object): it is written as JSON here. Undefined when not sent.
   */
  json(name: string): string | undefined {
    const value = this.#values[name]
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return cleanText(JSON.stringify(value))
    const object = value === undefined ? this.#nested(name) : null
    return object ? cleanText(JSON.stringify(object)) : this.text(name)
  }

  /** Whether any of the names was sent, empty or not. */
  has(...names: string[]): boolean {
    return names.some(name => this.#values[name] !== undefined)
  }

  /** The object that pairs in brackets spell; null when there are none. */
  #nested(name: string): Nested | null {
    let found: Nested | null = null
    for (const key in this.#values) {
      if (!key.startsWith(`${name}[`) || !key.endsWith(']')) continue
      const path = key.slice(name.length + 1, -1).split('][')
      const last = path.pop() ?? ''
      if (path.length >= MAX_DEPTH) continue
      found ??= Object.create(null) as Nested
      let inner = found
      for (const part of path) {
        const known = inner[part]
        const next = isNested(known) ? known : (Object.create(null) as Nested)
        inner[part] = next
        inner = next
      }
      inner[last] = this.#values[key]
    }
    return found
  }

  #bracketed(name: string): [string, unknown][] {
    const found: [string, unknown][] = []
    for (const key in this.#values) {
      const match = BRACKETED.exec(key)
      if (match?.[1] === name) found.push([match[2] ?? '', this.#values[key]])
    }
    return found
  }
}

/** Without a prototype: its keys are a stranger's. */
interface Nested {
  [key: string]: unknown
}

function isNested(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return cleanText(typeof value === 'object' ? JSON.stringify(value) : String(value))
}
