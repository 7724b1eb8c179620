/**
 * What Heddle is measured against: the least that could take a text over HTTP and keep it. The same HTTP server with
 * the same options and the same schema, the same PostgreSQL, one row a request in a table with only a primary key,
 * written by as few statements as there can be: what arrives while a statement is under way makes the next.
 */
import { randomUUID } from 'node:crypto'
import { Type, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import pg from 'pg'
import { serverOptions } from '../server/http/server.ts'
import { gather } from '../server/kit/gather.ts'

interface Text {
  id: string
  from: string
  to: string
  body: string
}

const INSERT = `insert into baseline (id, sender, recipient, body)
  select t.id, t."from", t."to", t.body
  from json_to_recordset($1::json) as t(id uuid, "from" text, "to" text, body text)`

const pool = new pg.Pool({ ...JSON.parse(process.env.BENCH_DATABASE ?? '{}'), max: 16 })
await pool.query(`drop table if exists baseline`)
await pool.query(`create table baseline (id uuid primary key, sender text, recipient text, body text)`)

const insert = gather<Text, string>({
  maxBatch: 200,
  maxInFlight: 2,
  async run(texts) {
    await pool.query({ name: 'insert', text: INSERT, values: [JSON.stringify(texts)] })
    return texts.map(text => text.id)
  },
})

const Address = Type.String({ minLength: 1, maxLength: 140 })
const schema = {
  body: Type.Object({
    from: Address,
    to: Type.Union([Address, Type.Array(Address, { minItems: 1, maxItems: 50 })]),
    body: Type.Optional(Type.String({ maxLength: 40_000 })),
    mediaUrls: Type.Optional(Type.Array(Type.String(), { maxItems: 10 })),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  response: { 201: Type.Object({ sid: Type.String() }) },
}

const app = Fastify(serverOptions()).setValidatorCompiler(TypeBoxValidatorCompiler)
app.post<{ Body: Omit<Text, 'id'> }>('/simulator/messages', { schema }, async (request, reply) =>
  reply.code(201).send({ sid: await insert({ id: randomUUID(), ...request.body }) }),
)
app.post('/select-1', { schema }, async (_request, reply) => {
  await pool.query('select 1')
  return reply.code(201).send({ sid: '1' })
})
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
if (address && typeof address === 'object') process.send?.(address.port)
