import type { Participant } from '../../store/participants.ts'
import { act } from '../act.ts'
import { type Attempt, attempt, granted } from '../attempt.ts'
import type { Core } from '../core.ts'
import { withNumbers } from './automatic-numbers.ts'
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
    const drafts = await withNumbers(
      step,
      book,
      joinings.map(({ threadId, participant }) => ({ participant, thread: book.find(threadId)?.thread })),
    )
    const joining = await Joining.load(
      step,
      book,
      joinings.map(({ threadId, serviceId }, at) => {
        const draft = drafts[at]
        return { threadId, serviceId, drafts: draft && 'value' in draft ? [draft.value] : [] }
      }),
    )
    const added = joinings.map((each, at) =>
      attempt(() => joining.join(findOpenThread(book, each), [granted(drafts[at]!)], each.cause)[0]!),
    )
    book.store()
    return added
  })
}
