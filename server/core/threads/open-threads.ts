import { Refusal } from '../../domain/refusal.ts'
import type { Thread } from '../../domain/thread.ts'
import type { Participant } from '../../store/participants.ts'
import { loadNamedThreads } from '../../store/threads.ts'
import { act } from '../act.ts'
import { type Attempt, attempt, granted } from '../attempt.ts'
import type { Core } from '../core.ts'
import type { Act } from '../step.ts'
import { defaultServiceId } from '../users/open-service.ts'
import { withNumbers } from './automatic-numbers.ts'
import { Joining } from './joining.ts'
import { namingPool, poolCheck } from './named-pool.ts'
import { type ParticipantDraft, ThreadBook, type ThreadDraft } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

/** A thread to be opened, with those who take part from its first moment. */
export interface Opening {
  thread: ThreadDraft
  participants: ParticipantDraft[]
  cause: Cause
}

export interface OpenedThread {
  thread: Thread
  participants: Participant[]
}

/**
 * Opens threads, each with all its participants or not at all. Timers that are not given are the account's defaults.
 * Refuses `not_found` without the service, `unique_name_taken`, `pool_unknown`, and what joining refuses (see
 * `Joining.join` and `withNumbers`).
 */
export async function openThreads(
  core: Core,
  accountId: string,
  openings: Opening[],
): Promise<Attempt<OpenedThread>[]> {
  return act(core, accountId, async step => {
    const book = await ThreadBook.load(step, {})
    const taken = await loadTakenNames(step, openings)
    const numbered = await withAllNumbers(step, book, openings)
    const joining = await Joining.load(
      step,
      book,
      openings.map(({ thread }, at) => ({
        serviceId: thread.serviceId,
        threadId: null,
        drafts: valuesOf(numbered[at] ?? []),
      })),
    )
    const mustHavePool = await poolCheck(
      step,
      openings.map(each => each.thread),
    )
    const mustHaveService = await serviceCheck(step, openings)
    const owner = await step.ownerSettings()
    const opened = openings.map(({ thread: draft, cause }, at) =>
      attempt(() => {
        const participants = (numbered[at] ?? []).map(granted)
        const name = draft.uniqueName ? nameKey(draft.serviceId, draft.uniqueName) : null
        mustHaveService(draft.serviceId)
        mustHavePool(draft)
        if (name && taken.has(name)) throw new Refusal('unique_name_taken', 'The unique name is taken.')
        joining.check(draft.serviceId, null, participants)
        book.checkNewcomers(participants)
        const live = book.open(
          namingPool(owner, {
            inactiveAfterMs: owner.defaultInactiveAfterMs ?? null,
            closesAfterMs: owner.defaultClosesAfterMs ?? null,
            ...draft,
          }),
          cause,
        )
        if (name) taken.add(name)
        const added = participants.length > 0 ? joining.join(live, participants, cause) : []
        return { thread: live.thread, participants: added }
      }),
    )
    book.store()
    return opened
  })
}

/** A service may go between a request's look and the act; the default one is made at its first use. */
async function serviceCheck(step: Act, openings: Opening[]): Promise<(serviceId: string) => void> {
  const services = await step.services(openings.map(({ thread }) => thread.serviceId))
  const defaultId = await defaultServiceId(step)
  return serviceId => {
    if (serviceId !== defaultId && !services.has(serviceId)) throw new Refusal('not_found', 'There is no such service.')
  }
}

/** The participants of each opening, with numbers from its pool where it leaves them to be chosen. */
async function withAllNumbers(
  step: Act,
  book: ThreadBook,
  openings: Opening[],
): Promise<Attempt<ParticipantDraft>[][]> {
  const wishes = openings.map(({ thread, participants }) => participants.map(participant => ({ participant, thread })))
  const numbered = await withNumbers(step, book, wishes.flat())
  return wishes.map(each => numbered.splice(0, each.length))
}

function valuesOf<T>(attempts: Attempt<T>[]): T[] {
  return attempts.flatMap(each => ('value' in each ? [each.value] : []))
}

async function loadTakenNames(step: Act, openings: Opening[]): Promise<Set<string>> {
  const named = openings.flatMap(({ thread: { serviceId, uniqueName } }) =>
    uniqueName ? [{ serviceId, uniqueName }] : [],
  )
  if (named.length === 0) return new Set()
  const rows = await step.load<{ serviceId: string; uniqueName: string }>(loadNamedThreads, [
    step.accountId,
    JSON.stringify(named),
  ])
  return new Set(rows.map(row => nameKey(row.serviceId, row.uniqueName)))
}

function nameKey(serviceId: string, uniqueName: string): string {
  return `${serviceId} ${uniqueName}`
}
