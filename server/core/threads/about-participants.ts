import { sid } from '../../domain/ids.ts'
import type { Thread } from '../../domain/thread.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { Participant } from '../../store/participants.ts'
import { AUTOMATIC } from '../pools/claim-from-pool.ts'
import type { Act } from '../step.ts'
import { loadUser, type UserFields, type UserRef } from '../users/change-user.ts'
import type { JoiningOne } from './add-participants.ts'
import type { Asking } from './ask-first.ts'
import { loadParticipant, type ParticipantRef } from './find-participant.ts'
import { findOpenThread } from './find-thread.ts'
import { placeOf, present, whoParameters } from './hook-parameters.ts'
import { newThread } from './new-rows.ts'
import type { Question } from './questions.ts'
import { type ParticipantDraft, ThreadBook, type ThreadDraft } from './thread-book.ts'
import type { Cause } from './thread-events.ts'
import type { ParticipantChange } from './update-participant.ts'

/** What hooks are asked about those who take part; of them nothing can be changed. Source: as of the other questions. */

/** May this participant join? */
export function aboutJoining({ participant, ...ref }: JoiningOne): Asking {
  return async (step, cause) => {
    const { thread } = findOpenThread(await ThreadBook.load(step, { ids: [ref.threadId] }), ref)
    return joiningQuestion(step, cause, thread, participant)
  }
}

/** May this participant take part in a thread from its first moment? The thread has its id already. */
export function aboutFirstParticipant(thread: ThreadDraft & { id: string }, participant: ParticipantDraft): Asking {
  return async (step, cause) => joiningQuestion(step, cause, newThread(step, thread), participant)
}

async function joiningQuestion(
  step: Act,
  cause: Cause,
  thread: Thread,
  participant: ParticipantDraft,
): Promise<Question> {
  const { serviceId } = thread
  const service = (await step.services([serviceId])).get(serviceId)
  const { kind, identity = null, person = null, attributes = '{}' } = participant
  const number = chosen(participant.number)
  const roleId = participant.roleId ?? (identity ? (service?.settings.threadRoleId ?? null) : null)
  return {
    event: 'onParticipantAdd',
    serviceId,
    threadId: thread.id,
    source: cause.source,
    told: [
      ...placeOf(step.accountId, thread),
      ...whoParameters({ kind, identity, person, number, attributes, roleId }),
    ],
    draft: {},
  }
}

/** A number that a pool is still to choose is not told. */
function chosen(number: string | null | undefined): string | null {
  return number === AUTOMATIC ? null : (number ?? null)
}

/** May this be changed of the participant? */
export function aboutParticipantChange(change: ParticipantChange): Asking {
  return aboutParticipant('onParticipantUpdate', change, participant => ({
    ...participant,
    attributes: change.attributes ?? participant.attributes,
    roleId: change.roleId ?? participant.roleId,
    identity: change.identity ?? participant.identity,
    number: chosen(change.proxy ?? change.projected ?? participant.number),
  }))
}

/** May the participant be taken out? */
export function aboutParticipantRemoval(ref: ParticipantRef): Asking {
  return aboutParticipant('onParticipantRemove', ref, participant => participant)
}

function aboutParticipant(
  event: 'onParticipantUpdate' | 'onParticipantRemove',
  ref: ParticipantRef,
  become: (participant: Participant) => Participant,
): Asking {
  return async (step, cause) => {
    const { live, participant } = await loadParticipant(step, ref)
    return {
      event,
      serviceId: ref.serviceId,
      threadId: ref.threadId,
      source: cause.source,
      told: [
        ...placeOf(step.accountId, live.thread),
        ['ParticipantSid', sid('MB', participant.id)],
        ...whoParameters(become(participant)),
        ['DateCreated', formatIsoMilliseconds(participant.createdAt)],
        ['DateUpdated', formatIsoMilliseconds(participant.updatedAt)],
      ],
      draft: {},
    }
  }
}

/** May this be changed of the user? */
export function aboutUserChange(change: UserRef & UserFields): Asking {
  return async (step, cause) => {
    const user = await loadUser(step, change)
    const roleId = change.roleId ?? user.roleId
    return {
      event: 'onUserUpdate',
      serviceId: change.serviceId,
      threadId: null,
      source: cause.source,
      told: present([
        ['ChatServiceSid', sid('IS', user.serviceId)],
        ['UserSid', sid('US', user.id)],
        ['Identity', user.identity],
        ['FriendlyName', change.friendlyName === undefined ? user.friendlyName : change.friendlyName],
        ['RoleSid', roleId && sid('RL', roleId)],
        ['Attributes', change.attributes ?? user.attributes],
        ['DateUpdated', formatIsoMilliseconds(user.updatedAt)],
      ]),
      draft: {},
    }
  }
}
