import { Refusal } from '../../domain/refusal.ts'
import { MAX_GROUP_MEMBERS, MAX_WIRE_PARTICIPANTS } from '../../domain/thread-limits.ts'
import type { Participant } from '../../store/participants.ts'

/** What a participant may be turned into. */
export type ParticipantShape = Pick<Participant, 'kind' | 'identity' | 'person' | 'number'>

/** Nobody takes part twice: refuses `identity_taken`, and `member_taken` for a number of a group text. */
export function mustDiffer(threadId: string, participants: ParticipantShape[]): void {
  const identities = new Set<string>()
  const members = new Set<string>()
  for (const { kind, identity, person, number } of participants) {
    if (identity && identities.has(identity)) {
      throw new Refusal('identity_taken', 'The identity takes part already.', { threadId })
    }
    if (identity) identities.add(identity)
    const member = kind === 'group' ? person : kind === 'projected' ? number : null
    if (member && members.has(member)) {
      throw new Refusal('member_taken', 'The number is a member already.', { threadId })
    }
    if (member) members.add(member)
  }
}

/** Refuses `thread_full` when all participants, those who are new or of a new kind among them, are more than phones take. */
export function mustHaveRoom(all: Pick<ParticipantShape, 'kind'>[], changed: Pick<ParticipantShape, 'kind'>[]): void {
  const onWire = all.filter(each => each.kind !== 'chat')
  if (onWire.length > MAX_WIRE_PARTICIPANTS) throw full('wire', MAX_WIRE_PARTICIPANTS)
  const members = onWire.filter(each => each.kind !== 'sms')
  if (members.length > MAX_GROUP_MEMBERS && changed.some(each => each.kind === 'group' || each.kind === 'projected')) {
    throw full('group', MAX_GROUP_MEMBERS)
  }
}

export function full(limit: 'participants' | 'wire' | 'group', max: number): Refusal {
  return new Refusal('thread_full', `The thread takes no more than ${max} of these participants.`, { limit })
}
