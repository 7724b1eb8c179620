import type { Core } from '../core.ts'
import { granting, perAccount } from '../doors.ts'
import { type Assignment, assignThreads } from './assign-thread.ts'

/** What a team does all the time: what its handlers ask together makes one act. Each refuses what its act refuses, alone. */
export interface InboxDoors {
  assign(accountId: string, assignment: Assignment): Promise<void>
}

export function openInboxDoors(core: Core): InboxDoors {
  return {
    assign: granting(perAccount((accountId, assignments: Assignment[]) => assignThreads(core, accountId, assignments))),
  }
}
