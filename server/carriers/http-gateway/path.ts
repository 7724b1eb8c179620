import type { GatewayCondition, GatewayField } from '../../domain/gateway-values.ts'
import { lookUp } from './look-up.ts'

/** A request of the gateway, or its answer, as paths see it. Names of headers are in lower case. */
export interface Source {
  /** Where paths begin. */
  event: unknown
  body: unknown
  query: Record<string, string>
  headers: Record<string, string>
}

/**
 * All values that a path leads to, in order: names and places in lists between dots, `[]` after a name for each of a list.
 * `@body.`, `@query.` and `@header.` begin elsewhere than in the event; a single dot is where it begins.
 */
export function findAll(source: Source, path: string): unknown[] {
  const [first = '', ...others] = path === '.' ? [] : path.split('.')
  switch (first) {
    case '@body':
      return walk([source.body], others)
    case '@query':
      return walk([source.query], others)
    case '@header':
      return walk([source.headers], [others.join('.').toLowerCase()])
    case '':
      return [source.event]
    default:
      return walk([source.event], [first, ...others])
  }
}

function walk(values: unknown[], steps: string[]): unknown[] {
  const found = steps.reduce((from, step) => {
    const isEach = step.endsWith('[]')
    const name = isEach ? step.slice(0, -2) : step
    const next = name === '' ? from : from.map(value => within(value, name))
    return isEach ? next.flatMap(value => (Array.isArray(value) ? value : value === undefined ? [] : [value])) : next
  }, values)
  return found.filter(value => value !== undefined && value !== null)
}

function within(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^[0-9]+$/.test(name) ? value[Number(name)] : undefined
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

/** The texts, numbers and booleans that a path leads to, as text. */
export function findTexts(source: Source, path: string): string[] {
  return findAll(source, path).flatMap(value =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [],
  )
}

/** The value of a field as text; null when nothing is found that is not empty. */
export function readField(source: Source, field: GatewayField | undefined): string | null {
  if (field === undefined) return null
  if (typeof field === 'string' || Array.isArray(field)) return firstText(source, field)
  const text = field.path === undefined ? null : firstText(source, field.path)
  const found = text !== null && field.after !== undefined ? text.slice(text.lastIndexOf(field.after) + 1) : text
  const meant = field.map ? (lookUp(field.map, found) ?? null) : found
  return meant ?? field.otherwise ?? null
}

function firstText(source: Source, paths: string | string[]): string | null {
  for (const path of typeof paths === 'string' ? [paths] : paths) {
    const text = findTexts(source, path).find(each => each !== '')
    if (text !== undefined) return text
  }
  return null
}

/** Whether all that a condition names is found. */
export function isMet(source: Source, condition: GatewayCondition): boolean {
  return Object.entries(condition).every(([path, wanted]) => {
    const found = findTexts(source, path).filter(text => text !== '')
    const values = (Array.isArray(wanted) ? wanted : [wanted]).map(String)
    return values.some(value => {
      if (value === '*') return findAll(source, path).length > 0
      return value === '' ? found.length === 0 : found.includes(value)
    })
  })
}
