import Type from 'typebox'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

/** What OpenAPI 3.1 allows in the places that we use; an unknown word is a mistake. Source: OpenAPI 3.1.0, section 4.8. */
const STRICT = { additionalProperties: false }
const Schema = Type.Union([Type.Boolean(), Type.Record(Type.String(), Type.Unknown())])
const Content = Type.Record(
  Type.String({ pattern: '^[a-z]+/[a-z0-9.+*-]+$' }),
  Type.Object({ schema: Type.Optional(Schema) }, STRICT),
)
const Parameter = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    in: Type.Enum(['query', 'path', 'header', 'cookie']),
    required: Type.Optional(Type.Boolean()),
    description: Type.Optional(Type.String()),
    schema: Schema,
  },
  STRICT,
)
const Operation = Type.Object(
  {
    operationId: Type.String({ pattern: '^[a-z][A-Za-z0-9]*$' }),
    tags: Type.Array(Type.String()),
    summary: Type.Optional(Type.String()),
    parameters: Type.Array(Parameter),
    requestBody: Type.Optional(Type.Object({ required: Type.Boolean(), content: Content }, STRICT)),
    responses: Type.Record(
      Type.String({ pattern: '^([1-5](?:[0-9][0-9]|XX)|default)$' }),
      Type.Object({ description: Type.String(), content: Type.Optional(Content) }, STRICT),
      { minProperties: 1, ...STRICT },
    ),
  },
  STRICT,
)
const Method = Type.Enum(['get', 'put', 'post', 'delete', 'patch'])
const Document = Type.Object(
  {
    openapi: Type.String({ pattern: '^3\\.1\\.\\d+$' }),
    info: Type.Object({ title: Type.String(), version: Type.String(), description: Type.String() }, STRICT),
    servers: Type.Array(Type.Object({ url: Type.String() }, STRICT)),
    security: Type.Array(Type.Record(Type.String(), Type.Array(Type.String()))),
    paths: Type.Record(Type.String({ pattern: '^/' }), Type.Partial(Type.Record(Method, Operation, STRICT))),
    components: Type.Object(
      {
        securitySchemes: Type.Record(
          Type.String({ pattern: '^[A-Za-z0-9._-]+$' }),
          Type.Object({ type: Type.Literal('http'), scheme: Type.String(), description: Type.String() }, STRICT),
        ),
        schemas: Type.Record(Type.String({ pattern: '^[A-Za-z0-9._-]+$' }), Schema),
      },
      STRICT,
    ),
  },
  STRICT,
)

interface Shown {
  operationId: string
  summary?: string
  parameters: { name: string; in: string; required?: boolean }[]
  responses: Record<string, { content?: object }>
}

let house: TestHouse
// biome-ignore lint/suspicious/noExplicitAny: checked before it is looked into.
let document: any

beforeAll(async () => {
  house = await openTestHouse(seedOf([{ number: '+15550001000' }]))
  document = (await house.ask('GET', '/openapi.json')).body
})

afterAll(() => house?.close())

const operations = (): [path: string, operation: Shown][] =>
  Object.entries<Record<string, Shown>>(document.paths).flatMap(([path, item]) =>
    Object.values(item).map((operation): [string, Shown] => [path, operation]),
  )

describe('our own API describes itself', () => {
  test('as OpenAPI 3.1', () => {
    expect([...Value.Errors(Document, document)].slice(0, 3)).toEqual([])
  })

  test('with each operation under a name of its own', () => {
    const names = operations().map(([, { operationId }]) => operationId)
    expect(names.length).toBeGreaterThan(20)
    expect(new Set(names).size).toBe(names.length)
  })

  test('with what each does, and what each that is read answers', () => {
    for (const [path, methods] of Object.entries<Record<string, Shown>>(document.paths)) {
      for (const [method, { summary }] of Object.entries(methods)) expect(summary, `${method} ${path}`).toBeTruthy()
      const isCsv = path === '/v1/opt-outs/export'
      if (methods.get && !isCsv) expect(methods.get.responses['200']?.content, path).toBeDefined()
    }
  })

  test('with exactly the parameters that stand in its paths, all required', () => {
    for (const [path, { parameters }] of operations()) {
      const declared = parameters.filter(parameter => parameter.in === 'path')
      const written = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
      expect(declared.map(({ name }) => name).sort(), path).toEqual(written.sort())
      expect(
        declared.every(({ required }) => required),
        path,
      ).toBe(true)
    }
  })

  test('with no reference that leads nowhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(match => match[1] ?? '')
    expect(references.length).toBeGreaterThan(0)
    for (const reference of references) {
      // biome-ignore lint/suspicious/noExplicitAny: a walk through a document.
      const target = reference.split('/').reduce((place: any, word) => place?.[word], document)
      expect(target, reference).toBeDefined()
    }
  })

  test('so that what it names is there', async () => {
    for (const [path, methods] of Object.entries<Record<string, Shown>>(document.paths)) {
      if (!methods.get) continue
      const answer = await house.ask('GET', path.replace(/\{\w+\}/g, 'nothing'))
      expect(answer.body.code === 'not_found' && /nothing at/.test(answer.body.message), path).toBe(false)
    }
  })

  test.each([
    ['get', '/v1/threads'],
    ['post', '/v1/threads'],
    ['post', '/v1/threads/{id}/messages'],
    ['patch', '/v1/pools/{pool}'],
    ['get', '/v1/pools/{pool}/capacity'],
    ['get', '/v1/numbers'],
    ['get', '/v1/calls'],
  ])('%s %s', (method, path) => {
    expect(document.paths[path]?.[method]).toBeDefined()
  })
})
