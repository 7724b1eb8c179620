import type { Participant } from '../../store/participants.ts'
import { act } from '../act.ts'
import { type Attempt, attempt } from '../attempt.ts'
import type { Core } from '../core.ts'
import { findOpenThread, type ThreadRef } from './find-thread.ts'
import { Joining } from './joining.ts'
import { type ParticipantDraft, ThreadBook } from './thread-book.ts'
import type { Cause } from './thread-events.ts'

export interface JoiningOne extends ThreadRef {
  participant: ParticipantDraft
  cause: Cause
}

/** Adds participants to open threads. Refuses `not_found`, `thread_closed`, and what joining does (`Joining.join`). */
export async function addParticipants(
  core: Core,
  accountId: string,
  joinings: JoiningOne[],
): Promise<Attempt<Participant>[]> {
  return act(core, accountId, async step => {
    const book = await ThreadBook.load(step, { ids: [...new Set(joinings.map(each => each.threadId))] })
    const joining = await Joining.load(
      step,
      book,
      joinings.map(({ threadId, serviceId, participant }) => ({ threadId, serviceId, drafts: [participant] })),
    )
    const added = joinings.map(each =>
      attempt(() => joining.join(findOpenThread(book, each), [each.participant], each.cause)[0]!),
    )
    book.store()
    return added
  })
}
