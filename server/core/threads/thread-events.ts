import type { Thread, ThreadState } from '../../domain/thread.ts'
import type { Message } from '../../store/messages.ts'
import type { Pair, Participant } from '../../store/participants.ts'
import type { SmsForProgress } from '../../store/sms.ts'
import type { User } from '../../store/users.ts'

/** Where a change came from: a phone, a program, a chat client or the inbox, or the clock. */
export type ChangeSource = 'sms' | 'api' | 'chat' | 'timer'

/** Who made a change, for those who are told of it. */
export interface Cause {
  source: ChangeSource
  /** The user who did it, when one did. */
  userId: string | null
  /** Whether post-action hooks are told: a REST caller must ask for it, all others always do. */
  tellsHooks: boolean
}

export const BY_PHONE: Cause = { source: 'sms', userId: null, tellsHooks: true }
/** A program of the account's owner, through any door. */
export const BY_PROGRAM: Cause = { source: 'api', userId: null, tellsHooks: true }
export const BY_TIMER: Cause = { source: 'timer', userId: null, tellsHooks: true }

/** Something that happened to a thread in an act, in order: what hooks, subscriptions and hints are made of. */
export type ThreadEvent =
  | { kind: 'thread_opened'; thread: Thread; assigneeId: string | null; cause: Cause }
  | { kind: 'thread_updated'; thread: Thread; cause: Cause }
  | {
      kind: 'state_changed'
      thread: Thread
      from: ThreadState
      to: ThreadState
      reason: string
      /** Who was assigned until then: a closed thread has no assignee. */
      formerAssigneeId: string | null
      cause: Cause
    }
  | { kind: 'thread_assigned'; thread: Thread; from: string | null; to: string | null; cause: Cause }
  | { kind: 'thread_deleted'; thread: Thread; formerAssigneeId: string | null; cause: Cause }
  | { kind: 'participant_added'; thread: Thread; participant: Participant; cause: Cause }
  | { kind: 'participant_updated'; thread: Thread; participant: Participant; cause: Cause }
  | { kind: 'participant_removed'; thread: Thread; participant: Participant; cause: Cause }
  | { kind: 'message_added'; thread: Thread; message: Message; cause: Cause }
  | { kind: 'message_updated'; thread: Thread; message: Message; cause: Cause }
  | { kind: 'message_deleted'; thread: Thread; message: Message; cause: Cause }
  | { kind: 'note_changed'; thread: Thread; cause: Cause }
  /** How a text fares, as far as these participants are concerned: of a group text each may have receipts of their own. */
  | { kind: 'delivery_changed'; threadId: string; sms: SmsForProgress; recipientIds: string[] }

/** Something that happened to a user of a service. */
export type UserEvent = { kind: 'user_added' | 'user_updated' | 'user_deleted'; user: User; cause: Cause }

/** Pairs that threads took, that passed from one thread to another, and that nobody has any more. */
export interface PairsOfAct {
  taken: Pair[]
  moved: Pair[]
  freed: Pair[]
}
