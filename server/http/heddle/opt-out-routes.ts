import Type from 'typebox'
import { blockPersons, reviewOptOutWish, unblockPerson } from '../../core/opt-outs/edit-opt-outs.ts'
import { smsSidOf } from '../../core/sending/sms-sid.ts'
import { isUuid, sid, uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress, classifyAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { listOptOuts, listOptOutWishes, type OptOutRecord, type WishRecord } from '../../store/read/opt-outs.ts'
import type { HeddleApi } from './api.ts'
import { DateTime, Nullable } from './schemas.ts'

const DEFAULT_PAGE = 50
const MAX_PAGE = 1000

const Paging = {
  before: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE })),
}
const Filter = Type.Object({
  ...Paging,
  number: Type.Optional(Type.String()),
  person: Type.Optional(Type.String()),
  history: Type.Optional(Type.Boolean()),
})
const OptOut = Type.Object({
  scope: Type.String({ description: 'A number, or the MG SID of a pool' }),
  person: Type.String(),
  source: Type.String(),
  said: Nullable(Type.String()),
  sms: Nullable(Type.String()),
  beganAt: DateTime,
  endedAt: Nullable(DateTime),
})
const Wish = Type.Object({
  sms: Type.String(),
  scope: Type.String(),
  person: Type.String(),
  number: Type.String(),
  body: Type.String(),
  heardAt: DateTime,
})
const pageOf = <Schema extends Type.TSchema>(record: Schema) =>
  Type.Object({ records: Type.Array(record), next: Nullable(Type.Integer()) })
const OptOutPath = Type.Object({ scope: Type.String(), person: Type.String() })

/**
 * `/v1/opt-outs`: who may not be texted, from which number or pool. A scope is a number of the account or the SID of a
 * pool (MG...). The owner may add and lift opt-outs, and looks at texts that may be wishes for one.
 */
export function optOutRoutes({ app, core, account }: HeddleApi): void {
  const listing = { summary: 'List opt-outs, newest first', querystring: Filter, response: { 200: pageOf(OptOut) } }
  app.get('/v1/opt-outs', { schema: listing }, async request => {
    const { accountId } = await account(request)
    const { number, person, history, before, limit = DEFAULT_PAGE } = request.query
    const scope = number === undefined ? undefined : readScope(number)
    const of = person === undefined ? undefined : readPerson(person)
    const found = await listOptOuts(core.db, { accountId, scope, person: of, isHistory: history, before, limit })
    return { records: found.map(spellOptOut), next: nextOf(found, limit) }
  })

  const adding = { summary: 'Opt a person out', params: OptOutPath, response: { 200: OptOut, 201: OptOut } }
  app.put('/v1/opt-outs/:scope/:person', { schema: adding }, async (request, reply) => {
    const { accountId } = await account(request)
    const asked = readPath(request.params)
    const [blocked] = await blockPersons(core, accountId, {
      source: 'owner',
      optOuts: [{ ...asked, beganAt: null, said: null }],
    })
    const [found] = await listOptOuts(core.db, { accountId, person: asked.person, scope: blocked?.scope, limit: 1 })
    if (!found) throw new Refusal('not_found', 'The opt-out was lifted meanwhile.')
    return reply.code(blocked?.isNew ? 201 : 200).send(spellOptOut(found))
  })

  const lifting = { summary: 'Lift an opt-out', params: OptOutPath }
  app.delete('/v1/opt-outs/:scope/:person', { schema: lifting }, async (request, reply) => {
    const { accountId } = await account(request)
    await unblockPerson(core, accountId, readPath(request.params))
    return reply.code(204).send()
  })

  const wishes = {
    summary: 'List texts that may be wishes for an opt-out, newest first',
    querystring: Type.Object(Paging),
    response: { 200: pageOf(Wish) },
  }
  app.get('/v1/opt-outs/wishes', { schema: wishes }, async request => {
    const { accountId } = await account(request)
    const { before, limit = DEFAULT_PAGE } = request.query
    const found = await listOptOutWishes(core.db, { accountId, before, limit })
    return { records: found.map(spellWish), next: nextOf(found, limit) }
  })

  const WishPath = Type.Object({ sms: Type.String() })
  const reviewing = { summary: 'Take a text from that list', params: WishPath }
  app.delete('/v1/opt-outs/wishes/:sms', { schema: reviewing }, async (request, reply) => {
    const { accountId } = await account(request)
    const smsId = uuidOfSid(['SM', 'MM'], request.params.sms)
    if (smsId === null) throw new Refusal('not_found', `There is no text ${request.params.sms}.`)
    await reviewOptOutWish(core, accountId, smsId)
    return reply.code(204).send()
  })
}

function nextOf(found: { born: number }[], limit: number): number | null {
  return found.length === limit ? (found.at(-1)?.born ?? null) : null
}

function readPath({ scope, person }: { scope: string; person: string }): { scope: string; person: string } {
  return { scope: readScope(scope), person: readPerson(person) }
}

/** A number of ours, or the id of a pool. Refuses `address_invalid`. */
export function readScope(text: string): string {
  const scope = uuidOfSid('MG', text.trim()) ?? canonicalAddress(text)
  if (scope === null) throw new Refusal('address_invalid', `Neither a number nor the SID of a pool: ${text}`)
  return scope
}

/** A person's number. Refuses `address_invalid`. */
export function readPerson(text: string): string {
  const person = canonicalAddress(text)
  if (person === null || classifyAddress(person) === 'alphanumeric')
    throw new Refusal('address_invalid', `Not a phone number: ${text}`)
  return person
}

export function spellScope(scope: string): string {
  return isUuid(scope) ? sid('MG', scope) : scope
}

function spellOptOut({ scope, person, source, said, smsId, beganAt, endedAt }: OptOutRecord) {
  const sms = smsId === null ? null : sid('SM', smsId)
  const dated = { beganAt: beganAt.toISOString(), endedAt: endedAt?.toISOString() ?? null }
  return { scope: spellScope(scope), person, source, said, sms, ...dated }
}

function spellWish({ smsId, mediaCount, others, scope, heardAt, born: _, ...text }: WishRecord) {
  const sms = smsSidOf({ id: smsId, mediaCount, others })
  return { sms, scope: spellScope(scope), ...text, heardAt: heardAt.toISOString() }
}
