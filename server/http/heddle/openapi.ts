import { readFileSync } from 'node:fs'
import type { RouteOptions } from 'fastify'
import { projectFolder } from '../../kit/project-folder.ts'
import type { HeddleApi } from './api.ts'

/** As much of JSON Schema as is looked into. */
interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  description?: string
}

type PathItem = Record<string, Record<string, unknown>>

const ERROR = { $ref: '#/components/schemas/Error' }

/**
 * Gathers the routes under /v1 as they are registered and serves them as OpenAPI 3.1 at /openapi.json: what is served is
 * what is checked. Call it before the routes are made.
 */
export function describeApi(app: HeddleApi['app']): void {
  const { version } = JSON.parse(readFileSync(new URL('package.json', projectFolder), 'utf8'))
  const paths = new Map<string, PathItem>()
  app.addHook('onRoute', route => {
    if (!route.url.startsWith('/v1/')) return
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    const item = paths.get(path) ?? {}
    paths.set(path, item)
    for (const method of [route.method].flat()) {
      if (method !== 'HEAD') item[method.toLowerCase()] = operationOf(route, method, path)
    }
  })
  app.get('/openapi.json', async () => documentOf(version, Object.fromEntries([...paths].sort(byPath))))
}

function byPath([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}

function documentOf(version: string, paths: Record<string, PathItem>) {
  return {
    openapi: '3.1.0',
    info: { title: 'Heddle', version, description: "Heddle's own API. Vendors' APIs are described by their vendors." },
    servers: [{ url: '/' }],
    security: [{ basic: [] }],
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'Account SID and token, or API key SID and secret' },
      },
      schemas: {
        Error: {
          type: 'object',
          required: ['code', 'message'],
          properties: { code: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
  }
}

function operationOf(route: RouteOptions, method: string, path: string) {
  const schema: Record<string, unknown> = { ...route.schema }
  const { summary, params, querystring, body, response } = schema
  const answers = isRecord(response) ? Object.entries(response) : []
  return {
    operationId: operationId(method, path),
    tags: [path.split('/')[2]],
    ...(typeof summary === 'string' && { summary }),
    parameters: [...parametersOf('path', params), ...parametersOf('query', querystring)],
    ...(isRecord(body) && {
      requestBody: { required: true, content: { [body.contentMediaType ?? 'application/json']: { schema: body } } },
    }),
    responses: {
      ...Object.fromEntries(
        answers.map(([status, answer]) => [
          status,
          { description: 'Done', content: { 'application/json': { schema: answer } } },
        ]),
      ),
      ...(answers.length === 0 && { [method === 'GET' ? '200' : '2XX']: { description: 'Done' } }),
      default: { description: 'Refused', content: { 'application/json': { schema: ERROR } } },
    },
  }
}

/** `GET /v1/pools/{pool}/numbers` is `getPoolsPoolNumbers`. */
function operationId(method: string, path: string): string {
  const words = path.slice('/v1/'.length).split(/[^A-Za-z0-9]+/)
  return method.toLowerCase() + words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function parametersOf(place: 'path' | 'query', schema: unknown) {
  const { properties = {}, required = [] }: JsonSchema = isRecord(schema) ? schema : {}
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description && { description }),
    schema: property,
  }))
}

function isRecord(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null
}
