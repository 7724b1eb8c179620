import { groupMembers } from '../../domain/group-text.ts'
import { act } from '../act.ts'
import type { Core } from '../core.ts'
import { loadParticipant, type ParticipantRef } from './find-participant.ts'
import { holdsThread } from './own-pair.ts'
import type { Cause } from './thread-events.ts'

/**
 * Takes a participant out of an open thread; a pair is free at once. A thread of a queue or a pool is its pair: without it
 * the thread is closed, since the next text of that pair opens another. Refuses `not_found`, `thread_closed`, and
 * `group_taken` when those who are left are the members of another group text.
 */
export async function removeParticipant(
  core: Core,
  accountId: string,
  ref: ParticipantRef & { cause: Cause },
): Promise<void> {
  await act(core, accountId, async step => {
    const { book, live, participant } = await loadParticipant(step, ref)
    const left = groupMembers(live.participants.filter(each => each !== participant))
    if (left) await book.lookUpGroups([left])
    const isItsPair = holdsThread(live, participant)
    book.removeParticipant(live, participant, ref.cause)
    if (isItsPair) book.close(live, 'pair_removed', ref.cause)
    book.store()
  })
}
