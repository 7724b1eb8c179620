import type { Participant } from '../../store/participants.ts'
import type { Core } from '../core.ts'
import { granting, perAccount } from '../doors.ts'
import { addParticipants, type JoiningOne } from './add-participants.ts'
import { type OpenedThread, type Opening, openThreads } from './open-threads.ts'
import { type SaidMessage, type Saying, sendMessages } from './send-messages.ts'

/** The acts on threads that come by the thousand. Each refuses what its act refuses, alone. */
export interface ThreadDoors {
  open(accountId: string, opening: Opening): Promise<OpenedThread>
  join(accountId: string, joining: JoiningOne): Promise<Participant>
  say(accountId: string, saying: Saying): Promise<SaidMessage>
}

/** A message with its thread and a few texts with their sessions. */
const ROWS_A_MESSAGE = 10
/** A participant with their pair and their user. */
const ROWS_A_PARTICIPANT = 3

export function openThreadDoors(core: Core): ThreadDoors {
  return {
    open: granting(
      perAccount(
        (accountId, openings: Opening[]) => openThreads(core, accountId, openings),
        ({ participants }) => 2 + participants.length * ROWS_A_PARTICIPANT,
      ),
    ),
    join: granting(
      perAccount(
        (accountId, joinings: JoiningOne[]) => addParticipants(core, accountId, joinings),
        () => ROWS_A_PARTICIPANT,
      ),
    ),
    say: granting(
      perAccount(
        (accountId, sayings: Saying[]) => sendMessages(core, accountId, sayings),
        () => ROWS_A_MESSAGE,
      ),
    ),
  }
}
