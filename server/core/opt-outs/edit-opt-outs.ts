import { isUuid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { OptOutRow } from '../../store/opt-outs.ts'
import { loadOpenWishes, reviewWish } from '../../store/opt-outs.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { OptOuts, type Scope, scopeOf } from './opt-outs.ts'

/** An opt-out that the account's owner tells us of. */
export interface GivenOptOut extends Scope {
  /** When the person asked; null: now. */
  beganAt: Date | null
  said: string | null
}

/**
 * Blocks persons, in one transaction. A number that is in a pool stands for its pool. Gives the scopes that are blocked
 * now and whether each is news. Refuses `number_unknown` for a scope that is neither a number nor a pool of the account:
 * then nobody is blocked.
 */
export async function blockPersons(
  core: Core,
  accountId: string,
  { source, optOuts }: { source: Exclude<OptOutRow['source'], 'text'>; optOuts: GivenOptOut[] },
): Promise<(Scope & { isNew: boolean })[]> {
  return act(core, accountId, async step => {
    const given = await withOwnScopes(step, optOuts)
    const book = await OptOuts.load(step, given)
    const blocked = given.map(({ scope, person, beganAt, said }) => {
      const isNew = book.block(step, { scope, person }, { source, said, smsId: null }, beganAt ?? step.now)
      return { scope, person, isNew }
    })
    book.store(step)
    return blocked
  })
}

/** Lifts an opt-out, on the owner's word that the person agreed. Refuses `not_found` when the person is not blocked. */
export async function unblockPerson(core: Core, accountId: string, asked: Scope): Promise<void> {
  await act(core, accountId, async step => {
    const [own] = await withOwnScopes(step, [asked])
    const book = await OptOuts.load(step, own ? [own] : [])
    if (!own || !book.unblock(step, own)) throw new Refusal('not_found', `${asked.person} has not opted out.`)
    book.store(step)
  })
}

/** Marks a possible wish as looked at by a person. Refuses `not_found`. */
export async function reviewOptOutWish(core: Core, accountId: string, smsId: string): Promise<void> {
  await act(core, accountId, async step => {
    const open = await step.load(loadOpenWishes, [accountId, JSON.stringify([smsId])])
    if (open.length === 0) throw new Refusal('not_found', 'No wish of this text waits to be looked at.')
    step.changes.add(reviewWish, { smsId, reviewedAt: step.now })
  })
}

/** Of these, those that are neither numbers nor pools of the account. */
export async function unknownScopes(core: Core, accountId: string, scopes: string[]): Promise<Set<string>> {
  return act(core, accountId, async step => {
    const routes = await step.numberRoutes(scopes.filter(scope => !isUuid(scope)))
    const pools = await step.poolRoutes(scopes.filter(isUuid))
    return new Set(scopes.filter(scope => !routes.has(scope) && !pools.has(scope)))
  })
}

async function withOwnScopes<Given extends Scope>(step: Act, given: Given[]): Promise<Given[]> {
  const scopes = [...new Set(given.map(({ scope }) => scope))]
  const routes = await step.numberRoutes(scopes.filter(scope => !isUuid(scope)))
  const pools = await step.poolRoutes(scopes.filter(isUuid))
  return given.map(each => {
    const route = routes.get(each.scope)
    if (route) return { ...each, scope: scopeOf(route) }
    if (pools.has(each.scope)) return each
    throw new Refusal('number_unknown', `${each.scope} is neither a number nor a pool of this account.`)
  })
}
