import Type from 'typebox'
import { blockPersons, reviewOptOutWish, unblockPerson } from '../../core/opt-outs/edit-opt-outs.ts'
import { smsSidOf } from '../../core/sending/sms-sid.ts'
import { isUuid, sid, uuidOfSid } from '../../domain/ids.ts'
import { canonicalAddress, classifyAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { listOptOuts, listOptOutWishes, type OptOutRecord, type WishRecord } from '../../store/read/opt-outs.ts'
import type { HeddleApi } from './api.ts'

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
const OptOutPath = Type.Object({ scope: Type.String(), person: Type.String() })

/**
 * `/v1/opt-outs`: who may not be texted, from which number or pool. A scope is a number of the account or the SID of a
 * pool (MG...). The owner may add and lift opt-outs, and looks at texts that may be wishes for one.
 */
export function optOutRoutes({ app, core, account }: HeddleApi): void {
  app.get('/v1/opt-outs', { schema: { querystring: Filter } }, async request => {
    const { accountId } = await account(request)
    const { number, person, history, before, limit = DEFAULT_PAGE } = request.query
    const scope = number === undefined ? undefined : readScope(number)
    const of = person === undefined ? undefined : readPerson(person)
    const found = await listOptOuts(core.db, { accountId, scope, person: of, isHistory: history, before, limit })
    return { records: found.map(spellOptOut), next: nextOf(found, limit) }
  })

  app.put('/v1/opt-outs/:scope/:person', { schema: { params: OptOutPath } }, async (request, reply) => {
    const { accountId } = await account(request)
    const asked = readPath(request.params)
    const [blocked] = await blockPersons(core, accountId, {
      source: 'owner',
      optOuts: [{ ...asked, beganAt: null, said: null }],
    })
    const found = await listOptOuts(core.db, { accountId, person: asked.person, scope: blocked?.scope, limit: 1 })
    return reply.code(blocked?.isNew ? 201 : 200).send(found[0] ? spellOptOut(found[0]) : null)
  })

  app.delete('/v1/opt-outs/:scope/:person', { schema: { params: OptOutPath } }, async (request, reply) => {
    const { accountId } = await account(request)
    await unblockPerson(core, accountId, readPath(request.params))
    return reply.code(204).send()
  })

  app.get('/v1/opt-outs/wishes', { schema: { querystring: Type.Object(Paging) } }, async request => {
    const { accountId } = await account(request)
    const { before, limit = DEFAULT_PAGE } = request.query
    const found = await listOptOutWishes(core.db, { accountId, before, limit })
    return { records: found.map(spellWish), next: nextOf(found, limit) }
  })

  const WishPath = Type.Object({ sms: Type.String() })
  app.delete('/v1/opt-outs/wishes/:sms', { schema: { params: WishPath } }, async (request, reply) => {
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
  return { scope: spellScope(scope), person, source, said, sms, beganAt, endedAt }
}

function spellWish({ smsId, mediaCount, others, scope, person, number, body, heardAt }: WishRecord) {
  return { sms: smsSidOf({ id: smsId, mediaCount, others }), scope: spellScope(scope), person, number, body, heardAt }
}
