import { canonicalAddress } from '../../domain/phone-number.ts'
import { listParticipations } from '../../store/read/participations.ts'
import type { Parameters } from '../twilio-parameters.ts'
import { answerList, type ConversationsApi } from './api.ts'
import { refuse, SMALL_PAGES } from './limits.ts'
import { participantConversationResource } from './resources/participation.ts'

/** Where a phone or an identity takes part, closed conversations too. */
export function participantConversationRoutes({ core, inService }: ConversationsApi): void {
  inService('/ParticipantConversations', {
    list: call => {
      const who = readWho(call.parameters)
      return answerList(call, {
        key: 'conversations',
        rules: SMALL_PAGES,
        read: asked => listParticipations(core.db, call.accountId, call.serviceId, who, asked),
        keyOf: ({ participant }) => [participant.born],
        spell: participation => participantConversationResource(call, participation),
      })
    },
  })
}

/** Refuses 50451 for both or neither. */
function readWho(parameters: Parameters): { person: string } | { identity: string } {
  const identity = parameters.filled('Identity')
  const address = parameters.filled('Address')
  if ((identity === undefined) === (address === undefined)) {
    throw refuse(50451, 'Exactly one of Identity and Address must be given')
  }
  return identity === undefined ? { person: canonicalAddress(address ?? '') ?? address ?? '' } : { identity }
}
