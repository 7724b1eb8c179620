import type { NumberRoute } from '../../store/numbers.ts'
import { type Scope, scopeOf } from '../opt-outs/opt-outs.ts'
import { PoolReplies } from '../pools/pool-replies.ts'
import type { Pair } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
import { AutoCreation } from '../threads/auto-creation.ts'
import { GroupCopies, groupKeyOf } from '../threads/group-copies.ts'
import { loadSpeaking, type Speaking } from '../threads/speaking.ts'
import { ThreadBook } from '../threads/thread-book.ts'
import type { Routing } from './route-text.ts'

/** A text of a person to one of our numbers; `others` are all other members of a group text. */
export interface TextPlace extends Pair {
  others: string[]
}

/** What routing a batch of texts needs of the act: all read before the first of them is routed. */
export interface LoadedRouting {
  speaking: Required<Speaking>
  routing: Routing
  /** Routes of the numbers that the texts reached. */
  routes: Map<string, NumberRoute>
}

export async function loadRouting(step: Act, texts: TextPlace[]): Promise<LoadedRouting> {
  const pairs = texts.map(({ person, number }) => ({ person, number }))
  const routes = await step.numberRoutes(pairs.map(pair => pair.number))
  const book = await ThreadBook.load(step, { pairs, groups: texts.map(groupKeyOf) })
  const replies = await PoolReplies.load(step, book, pairs, routes)
  const senders = pairs.map(pair => pair.person)
  const speaking = await loadSpeaking(step, book, { pairs, scopes: scopesOf(pairs, routes), senders })
  const groupTexts = texts.filter(text => text.others.length > 0)
  const routing: Routing = {
    replies,
    autoCreation: await AutoCreation.load(step, book, texts),
    copies: await GroupCopies.load(step, book, groupTexts),
    callsForThreads: (await step.ownerSettings()).callsForThreads ?? false,
  }
  return { speaking, routing, routes }
}

function scopesOf(pairs: Pair[], routes: Map<string, NumberRoute>): Scope[] {
  return pairs.flatMap(({ person, number }) => {
    const route = routes.get(number)
    return route ? [{ scope: scopeOf(route), person }] : []
  })
}
