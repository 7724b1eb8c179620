import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** As much of OpenAPI 3.0's schemas as Twilio's files use. */
interface Schema {
  $ref?: string
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  nullable?: boolean
  enum?: unknown[]
  pattern?: string
  minLength?: number
  maxLength?: number
  format?: string
  additionalProperties?: Schema | boolean
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}

interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export interface Contract {
  /** All operations, as `GET /2010-04-01/Accounts/{Sid}.json`. */
  operations: string[]
  /** What is wrong with an answer, as `place: fault`; empty when it is as the contract says. */
  faultsOf(answer: { method: string; path: string; status: number; body: unknown }): string[]
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

const FOLDER = fileURLToPath(new URL('../../../shared/reference/twilio-oai/', import.meta.url))

/** Twilio's own description of an API, or null where its files are not beside the project: such tests then skip. */
export function openContract(fileName: string): Contract | null {
  if (!existsSync(FOLDER + fileName)) return null
  const document: Document = JSON.parse(readFileSync(FOLDER + fileName, 'utf8'))
  return {
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      METHODS.filter(method => method in methods).map(method => `${method.toUpperCase()} ${path}`),
    ),
    faultsOf({ method, path, status, body }) {
      const operation = findPath(document, path)?.[method.toLowerCase()]
      if (!operation) return [`${method} ${path} is not in ${fileName}`]
      const response = operation.responses[String(status)]
      if (!response) return [`${method} ${path} answered ${status}, not ${Object.keys(operation.responses)}`]
      const schema = response.content?.['application/json']?.schema
      return schema ? check(document, schema, body, 'body') : []
    },
  }
}

function findPath(document: Document, path: string): Record<string, Operation> | undefined {
  const wanted = path.split('?', 1)[0] ?? ''
  // Lists come before instances: Local.json is a list of its own and no SID.
  const templates = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length)
  const found = templates.find(template => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(wanted))
  return found === undefined ? undefined : document.paths[found]
}

function check(document: Document, schema: Schema, value: unknown, place: string): string[] {
  if (schema.$ref) {
    const target = document.components.schemas[schema.$ref.split('/').at(-1) ?? '']
    return target ? check(document, target, value, place) : [`${place}: no schema ${schema.$ref}`]
  }
  if (value === undefined) return [`${place}: missing`]
  if (value === null) return schema.nullable || schema.enum ? [] : [`${place}: null`]
  if (schema.enum && !schema.enum.includes(value)) return [`${place}: ${String(value)} is none of ${schema.enum}`]
  switch (schema.type) {
    case 'object':
      return checkObject(document, schema, value, place)
    case 'array':
      if (!Array.isArray(value)) return [`${place}: no array`]
      return value.flatMap((each, at) => check(document, schema.items ?? {}, each, `${place}[${at}]`))
    case 'string':
      return checkString(schema, value, place)
    case 'integer':
      return Number.isInteger(value) ? [] : [`${place}: no integer`]
    case 'number':
      return typeof value === 'number' ? [] : [`${place}: no number`]
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${place}: no boolean`]
    default:
      return []
  }
}

/** Every property must be there, if only as null: SDKs take a missing date for now. */
function checkObject(document: Document, schema: Schema, value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place}: no object`]
  const given = new Map(Object.entries(value))
  const faults = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    check(document, property, given.get(name), `${place}.${name}`),
  )
  const known = schema.properties
  const unknown = known && !schema.additionalProperties ? [...given.keys()].filter(name => !(name in known)) : []
  return [...faults, ...unknown.map(name => `${place}.${name}: not in the contract`)]
}

const RFC_2822 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/

function checkString(schema: Schema, value: unknown, place: string): string[] {
  if (typeof value !== 'string') return [`${place}: no string`]
  // Twilio writes some things that are not set as an empty text; its own examples do, against its own patterns.
  if (value === '' && schema.nullable) return []
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return [`${place}: ${value} is not ${schema.pattern}`]
  if (schema.minLength !== undefined && value.length < schema.minLength) return [`${place}: too short`]
  if (schema.maxLength !== undefined && value.length > schema.maxLength) return [`${place}: too long`]
  if (schema.format === 'date-time-rfc-2822' && !RFC_2822.test(value)) return [`${place}: ${value} is not RFC 2822`]
  if (schema.format === 'date-time' && !ISO_8601.test(value)) return [`${place}: ${value} is not ISO 8601`]
  return []
}
