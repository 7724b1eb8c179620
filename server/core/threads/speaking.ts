import type { Sms } from '../../domain/sms.ts'
import type { NumberRoute } from '../../store/numbers.ts'
import { OptOuts, type Scope, scopeOf } from '../opt-outs/opt-outs.ts'
import { type Pair, Sessions } from '../sessions/sessions.ts'
import type { Act } from '../step.ts'
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

/** Who will speak, and who else is touched. */
export interface SpeakingAsked {
  /** Other pairs that the act touches. */
  pairs?: Pair[]
  /** Other persons whom the act may text or hear saying stop. */
  scopes?: Scope[]
  /** Identities that may speak. */
  authors?: { threadId: string; author: string }[]
  /** Persons who speak: their texts go on to others. */
  senders?: string[]
}

/** Loads what messages into the book's threads need. */
export async function loadSpeaking(
  step: Act,
  book: ThreadBook,
  asked: SpeakingAsked = {},
): Promise<Required<Speaking>> {
  const pairs = [...(asked.pairs ?? []), ...book.wirePairs()]
  const routes = await step.numberRoutes([...pairs.map(pair => pair.number), ...book.numbers()])
  const [sessions, optOuts, labels, locals] = await Promise.all([
    Sessions.load(step, pairs),
    OptOuts.load(step, [...(asked.scopes ?? []), ...recipientsOf(book, routes)]),
    SenderLabels.load(step, book, asked.authors ?? []),
    LocalNumbers.load(step, book, asked.senders ?? []),
  ])
  return { step, book, sessions, routes, optOuts, labels, locals, carried: new Map() }
}

/** Everybody whom a message may reach, with the number that texts them. */
export function recipientsOf(book: ThreadBook, routes: ReadonlyMap<string, NumberRoute>): Scope[] {
  return book.all().flatMap(({ participants }) => {
    const groupRoute = routes.get(participants.find(each => each.kind === 'projected')?.number ?? '')
    return participants.flatMap(({ person, number }) => {
      const route = number ? routes.get(number) : groupRoute
      return person && route ? [{ scope: scopeOf(route), person }] : []
    })
  })
}
