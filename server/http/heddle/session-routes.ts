import Type, { type Static } from 'typebox'
import { clearSession } from '../../core/sessions/clear-session.ts'
import { canonicalAddress } from '../../domain/phone-number.ts'
import { Refusal } from '../../domain/refusal.ts'
import { endOf, hasEnded } from '../../domain/session.ts'
import { findSession } from '../../store/read/sessions.ts'
import type { HeddleApi } from './api.ts'

const Pair = Type.Object({ number: Type.String(), person: Type.String() })

/** `GET` and `DELETE /v1/sessions/{number}/{person}`: the cookie jar of a pair. */
export function sessionRoutes({ app, core, account }: HeddleApi): void {
  app.get('/v1/sessions/:number/:person', { schema: { params: Pair } }, async request => {
    const { accountId } = await account(request)
    const { number, person } = readPair(request.params)
    const session = await findSession(core.db, accountId, person, number)
    if (!session || hasEnded(session, core.clock.world())) throw noSession(number, person)
    const isOwn = session.cookiesStartedAt?.getTime() === session.startedAt.getTime()
    return {
      number,
      person,
      startedAt: session.startedAt,
      activeAt: session.activeAt,
      expiresAt: endOf(session),
      cookies: isOwn ? cookiesOf(session.cookies) : [],
    }
  })

  app.delete('/v1/sessions/:number/:person', { schema: { params: Pair } }, async (request, reply) => {
    const { accountId } = await account(request)
    const { number, person } = readPair(request.params)
    if (!(await clearSession(core, accountId, { person, number }))) throw noSession(number, person)
    return reply.code(204).send()
  })
}

function readPair({ number, person }: Static<typeof Pair>): Static<typeof Pair> {
  return { number: canonicalAddress(number) ?? number, person: canonicalAddress(person) ?? person }
}

function noSession(number: string, person: string): Refusal {
  return new Refusal('not_found', `There is no session of ${person} with ${number}.`)
}

/** The jar's cookies, as the jar keeps them. */
function cookiesOf(jar: unknown): unknown[] {
  if (Array.isArray(jar)) return jar
  if (typeof jar === 'object' && jar !== null && 'cookies' in jar && Array.isArray(jar.cookies)) return jar.cookies
  return []
}
