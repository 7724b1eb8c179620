import { Refusal } from '../../domain/refusal.ts'
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
