import { sid } from '../../domain/ids.ts'
import { formatIsoMilliseconds } from '../../domain/wire-time.ts'
import type { Participant } from '../../store/participants.ts'
import { loadUser, type UserFields, type UserRef } from '../users/change-user.ts'
import type { JoiningOne } from './add-participants.ts'
import type { Asking } from './ask-first.ts'
import { loadParticipant, type ParticipantRef } from './find-participant.ts'
import { findOpenThread } from './find-thread.ts'
import { placeOf, present, whoParameters } from './hook-parameters.ts'
import { ThreadBook } from './thread-book.ts'
import type { ParticipantChange } from './update-participant.ts'

/** What hooks are asked about those who take part; of them nothing can be changed. Source: as of the other questions. */

/** May this participant join? */
export function aboutJoining({ participant, ...ref }: JoiningOne): Asking {
  return async (step, cause) => {
    const { thread } = findOpenThread(await ThreadBook.load(step, { ids: [ref.threadId] }), ref)
    const service = (await step.services([ref.serviceId])).get(ref.serviceId)
    const { kind, identity = null, person = null, number = null, attributes = '{}' } = participant
    const roleId = participant.roleId ?? (identity ? (service?.settings.threadRoleId ?? null) : null)
    return {
      event: 'onParticipantAdd',
      serviceId: ref.serviceId,
      threadId: thread.id,
      source: cause.source,
      told: [...placeOf(thread), ...whoParameters({ kind, identity, person, number, attributes, roleId })],
      draft: {},
    }
  }
}

/** May this be changed of the participant? */
export function aboutParticipantChange(change: ParticipantChange): Asking {
  return aboutParticipant('onParticipantUpdate', change, participant => ({
    ...participant,
    attributes: change.attributes ?? participant.attributes,
    roleId: change.roleId ?? participant.roleId,
    identity: change.identity ?? participant.identity,
    number: change.proxy ?? change.projected ?? participant.number,
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
        ...placeOf(live.thread),
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
