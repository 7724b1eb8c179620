import { PLACEHOLDER } from '../../domain/gateway-names.ts'
import { lookUp } from './look-up.ts'

/** What a template may name; dots lead into objects and lists. */
export type Names = Record<string, unknown>
export type Maps = Record<string, Record<string, string | number | boolean>>

/** Fills in templates. Everything that is not a known name was refused when the settings were read. */
export class Filler {
  readonly #names: Names
  readonly #maps: Maps

  constructor(names: Names, maps: Maps = {}) {
    this.#names = names
    this.#maps = maps
  }

  /** A template as text; lists are joined by commas, what is absent is nothing. */
  text(template: string): string {
    return template.replace(PLACEHOLDER, (_, name: string, map?: string) => spell(this.#find(name, map)))
  }

  /** As text in a URL: what is filled in is escaped, but for what the URL begins with. */
  url(template: string): string {
    return template.replace(PLACEHOLDER, (_, name: string, map: string | undefined, at: number) => {
      const text = spell(this.#find(name, map))
      return at === 0 ? text : encodeURIComponent(text)
    })
  }

  /**
   * A template within JSON or a form. One that is a name alone becomes what the name stands for, a list or a number
   * too; what is then empty is left out of its object or list (undefined).
   */
  value(template: unknown): unknown {
    if (typeof template === 'string') return this.#valueOf(template)
    if (Array.isArray(template)) return template.map(each => this.value(each)).filter(each => each !== undefined)
    if (typeof template !== 'object' || template === null) return template
    const filled = Object.entries(template).map(([key, each]) => [key, this.value(each)] as const)
    return Object.fromEntries(filled.filter(([, each]) => each !== undefined))
  }

  /** A form, `name=value&...`; a list is the name several times. */
  form(templates: Record<string, string>): URLSearchParams {
    const form = new URLSearchParams()
    for (const [name, template] of Object.entries(templates)) {
      const value = this.value(template)
      for (const each of Array.isArray(value) ? value : value === undefined ? [] : [value])
        form.append(name, spell(each))
    }
    return form
  }

  #valueOf(template: string): unknown {
    const [only] = template.matchAll(PLACEHOLDER)
    if (only?.[0] !== template) return this.text(template)
    const value = this.#find(only[1] ?? '', only[2])
    const isEmpty =
      value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
    return isEmpty ? undefined : value
  }

  #find(name: string, map: string | undefined): unknown {
    let value: unknown = this.#names
    for (const part of name.split('.')) {
      value =
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([key]) => key === part)?.[1]
          : undefined
    }
    return map === undefined ? value : lookUp(lookUp(this.#maps, map), spell(value))
  }
}

function spell(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value)
}

/** Whether a template, or any within it, names this. */
export function isNamed(template: unknown, name: string): boolean {
  if (typeof template === 'string') {
    return [...template.matchAll(PLACEHOLDER)].some(([, found = '']) => found === name || found.startsWith(`${name}.`))
  }
  if (typeof template !== 'object' || template === null) return false
  return Object.values(template).some(each => isNamed(each, name))
}
