import { Refusal } from '../../domain/refusal.ts'
import type { Participant } from '../../store/participants.ts'
import type { Act } from '../step.ts'
import { findOpenThread, type ThreadRef } from './find-thread.ts'
import { type LiveThread, ThreadBook } from './thread-book.ts'

/** A participant as a door names them. */
export interface ParticipantRef extends ThreadRef {
  who: { id: string } | { identity: string }
}

/** A participant of an open thread, loaded for a change. Refuses `not_found` and `thread_closed`. */
export async function loadParticipant(
  step: Act,
  ref: ParticipantRef,
): Promise<{ book: ThreadBook; live: LiveThread; participant: Participant }> {
  const { threadId, who } = ref
  const book = await ThreadBook.load(step, { ids: [threadId] })
  if ('id' in who) await book.lookUpParticipants([who.id])
  else await book.lookUpIdentities([{ threadId, identity: who.identity }])
  const live = findOpenThread(book, ref)
  const participant = live.participants.find(each =>
    'id' in who ? each.id === who.id : each.identity === who.identity,
  )
  if (!participant) throw new Refusal('not_found', 'There is no such participant.', { threadId })
  await book.lookUp(book.wirePairs())
  return { book, live, participant }
}
