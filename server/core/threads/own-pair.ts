import type { Participant } from '../../store/participants.ts'
import type { LiveThread } from './thread-book.ts'

/** Whether the participant is the pair by which the thread belongs to a queue or a pool. */
export function holdsThread({ thread }: LiveThread, { kind, person, number }: Participant): boolean {
  return kind === 'sms' && thread.person !== null && person === thread.person && number === thread.number
}
