import { newId } from '../../domain/ids.ts'
import type { Thread } from '../../domain/thread.ts'
import type { Participant } from '../../store/participants.ts'
import type { Act } from '../step.ts'

export interface ThreadDraft {
  /** Chosen beforehand where somebody was told of it already. */
  id?: string
  serviceId: string
  friendlyName?: string | null
  uniqueName?: string | null
  attributes?: string
  poolId?: string | null
  queueId?: string | null
  assigneeId?: string | null
  room?: string | null
  /** The pair of a thread that a queue or a pool opens. */
  person?: string | null
  number?: string | null
  inactiveAfterMs?: number | null
  closesAfterMs?: number | null
  expiresAt?: Date | null
  labelsSenders?: boolean | null
  state?: 'initializing' | 'active' | 'inactive'
  previousThreadId?: string | null
  createdBy?: string | null
  createdAt?: Date
  updatedAt?: Date
  settings?: Record<string, unknown> | null
}

export interface ParticipantDraft {
  kind: Participant['kind']
  identity?: string | null
  person?: string | null
  number?: string | null
  attributes?: string
  roleId?: string | null
  createdAt?: Date
  updatedAt?: Date
}

/** A thread that nobody takes part in yet. */
export function newThread(step: Act, draft: ThreadDraft): Thread {
  const version = step.tick()
  const createdAt = draft.createdAt ?? step.now
  return {
    id: draft.id ?? newId(step.now.getTime()),
    serviceId: draft.serviceId,
    state: draft.state ?? 'active',
    closedReason: null,
    uniqueName: draft.uniqueName ?? null,
    friendlyName: draft.friendlyName ?? null,
    attributes: draft.attributes ?? '{}',
    poolId: draft.poolId ?? null,
    queueId: draft.queueId ?? null,
    assigneeId: draft.assigneeId ?? null,
    room: draft.room ?? null,
    person: draft.person ?? null,
    number: draft.number ?? null,
    label: null,
    nextIndex: 0,
    labelsSenders: draft.labelsSenders ?? null,
    inactiveAfterMs: draft.inactiveAfterMs ?? null,
    closesAfterMs: draft.closesAfterMs ?? null,
    expiresAt: draft.expiresAt ?? null,
    activeAt: step.now,
    timerAt: null,
    previousThreadId: draft.previousThreadId ?? null,
    createdBy: draft.createdBy ?? null,
    settings: draft.settings ?? null,
    createdAt,
    updatedAt: draft.updatedAt ?? createdAt,
    closedAt: null,
    deletedAt: null,
    version,
    born: version,
  }
}

/** A participant whose version is still to be given. */
export function newParticipant(step: Act, threadId: string, draft: ParticipantDraft): Participant {
  const createdAt = draft.createdAt ?? step.now
  return {
    id: newId(step.now.getTime()),
    threadId,
    kind: draft.kind,
    identity: draft.identity ?? null,
    person: draft.person ?? null,
    number: draft.number ?? null,
    attributes: draft.attributes ?? '{}',
    roleId: draft.roleId ?? null,
    notificationLevel: 'default',
    lastReadIndex: null,
    lastReadAt: null,
    createdAt,
    updatedAt: draft.updatedAt ?? createdAt,
    removedAt: null,
    version: 0,
    born: 0,
  }
}
