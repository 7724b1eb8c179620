import type { NumberRoute } from '../../store/numbers.ts'
import type { Sms } from '../../store/sms.ts'
import type { Act } from '../act.ts'
import { OptOuts, scopeOf } from '../opt-outs.ts'
import { type Pair, Sessions } from '../sessions.ts'
import { LocalNumbers } from './local-numbers.ts'
import { SenderLabels } from './sender-labels.ts'
import type { ThreadBook } from './thread-book.ts'

/** What an append needs of the act around it. */
export interface Speaking {
  step: Act
  book: ThreadBook
  sessions: Sessions
  /** Routes of our numbers that take part. */
  routes: ReadonlyMap<string, NumberRoute>
  /** Whom a thread may not text; nobody unless given. */
  optOuts?: OptOuts
  /** How texts name their authors; not at all unless given. */
  labels?: SenderLabels
  /** Which persons are numbers of this server; unless given, none. */
  locals?: LocalNumbers
  /** Gathers the texts of each message, by message id. */
  carried?: Map<string, Sms[]>
}

/**
 * Loads what messages into the book's threads need. `pairs` are others that the act touches; `authors` are identities
 * that may speak and `senders` the persons who do, for the texts that go on to others.
 */
export async function loadSpeaking(
  step: Act,
  book: ThreadBook,
  also: { pairs?: Pair[]; authors?: { threadId: string; author: string }[]; senders?: string[] } = {},
): Promise<Required<Speaking>> {
  const pairs = [...(also.pairs ?? []), ...book.wirePairs()]
  const routes = await step.numberRoutes([...pairs.map(pair => pair.number), ...book.numbers()])
  const [sessions, optOuts, labels, locals] = await Promise.all([
    Sessions.load(step, pairs),
    OptOuts.load(step, recipientsOf(book, routes)),
    SenderLabels.load(step, book, also.authors ?? []),
    LocalNumbers.load(step, book, also.senders ?? []),
  ])
  return { step, book, sessions, routes, optOuts, labels, locals, carried: new Map() }
}

/** Everybody whom a message may reach, with the number that texts them. */
export function recipientsOf(
  book: ThreadBook,
  routes: ReadonlyMap<string, NumberRoute>,
): { scope: string; person: string }[] {
  return book.all().flatMap(({ participants }) => {
    const groupRoute = routes.get(participants.find(each => each.kind === 'projected')?.number ?? '')
    return participants.flatMap(({ person, number }) => {
      const route = number ? routes.get(number) : groupRoute
      return person && route ? [{ scope: scopeOf(route), person }] : []
    })
  })
}
