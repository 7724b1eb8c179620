import type { FastifySchemaCompiler, RouteOptions } from 'fastify'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import type { HeddleApi } from './api.ts'

/** What a route takes that says nothing of it. */
const NOTHING = Type.Object({})
const NO_BODY = Type.Union([Type.Null(), NOTHING])

/**
 * Takes requests as they are or not at all: what is misspelled, of another type, or asked of a route that knows nothing of
 * it is a 400 that says so. Fastify's own checker drops unknown fields and makes other types fit. Call it before the
 * routes are made.
 */
export function checkStrictly(app: HeddleApi['app']): void {
  app.setValidatorCompiler(strictCompiler)
  app.addHook('onRoute', route => {
    route.schema = { querystring: NOTHING, ...(takesBody(route) && { body: NO_BODY }), ...route.schema }
  })
}

function takesBody({ method }: RouteOptions): boolean {
  return ![method].flat().some(each => each === 'GET' || each === 'HEAD')
}

const strictCompiler: FastifySchemaCompiler<Type.TSchema> = ({ schema, httpPart = 'body' }) => {
  const asked = closed(schema)
  const checker = Compile(asked)
  return (value: unknown) => {
    const read = httpPart === 'querystring' ? readTexts(asked, value) : value
    if (checker.Check(read)) return { value: read }
    return { error: new Error(faultOf(checker.Errors(read), httpPart)) }
  }
}

/** As much of JSON Schema as our requests use. */
interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  additionalProperties?: unknown
  items?: JsonSchema
  anyOf?: JsonSchema[]
}

/**
 * The schema in which objects have no properties but those that they name, unless it says otherwise, and whole numbers
 * are such as can be told apart.
 */
function closed(schema: JsonSchema): JsonSchema {
  const { type, properties, items, anyOf } = schema
  return {
    ...(type === 'integer' && { maximum: Number.MAX_SAFE_INTEGER }),
    ...(properties && { additionalProperties: false }),
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, closed(each)])),
    }),
    ...(items && { items: closed(items) }),
    ...(anyOf && { anyOf: anyOf.map(closed) }),
  }
}

/** In a query all is text: numbers and yes or no are read from it. */
function readTexts({ properties = {} }: JsonSchema, value: unknown): unknown {
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, text]) => [name, readText(properties[name]?.type, text)]),
  )
}

function readText(type: string | undefined, text: unknown): unknown {
  if (type === 'integer' && typeof text === 'string' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** What is wrong, in a sentence for whoever wrote the request. */
function faultOf(errors: TLocalizedValidationError[], httpPart: string): string {
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'additionalProperties') continue
    const thing = httpPart === 'querystring' ? 'parameter' : 'field'
    return `There is no ${thing} ${nameOf(`${instancePath}/${params.additionalProperties[0]}`)} here.`
  }
  const [first] = errors
  if (first?.keyword === 'required') {
    return `${nameOf(`${first.instancePath}/${first.params.requiredProperties[0]}`)} is missing.`
  }
  if (!first?.instancePath) return 'The body must be a JSON object.'
  const reasons = errors.filter(({ instancePath }) => instancePath === first.instancePath).flatMap(reasonOf)
  return `${nameOf(first.instancePath)} ${reasons.join(', or ')}.`
}

function reasonOf(error: TLocalizedValidationError): string[] {
  if (error.keyword === 'anyOf') return []
  if (error.keyword === 'const') return [`must be ${JSON.stringify(error.params.allowedValue)}`]
  if (error.keyword === 'enum') return [`must be one of ${error.params.allowedValues.join(', ')}`]
  return [error.message]
}

/** `/prefers/0` is `prefers.0`. */
function nameOf(path: string): string {
  return `\`${path.slice(1).replaceAll('/', '.')}\``
}
