/** A member of a thread as far as it makes a group text. */
export interface GroupFacts {
  kind: 'sms' | 'chat' | 'projected' | 'group'
  person: string | null
  number: string | null
}

/**
 * What binds a group text: the numbers of all its phones and of ours, sorted and joined by spaces. Null for a thread that
 * is no group text: without a phone of a group, or without a number of ours among them.
 * Source: Twilio, Group texting: a text in belongs to the group whose members are exactly its sender and recipients.
 */
export function groupMembers(participants: readonly GroupFacts[]): string | null {
  const persons = participants.flatMap(({ kind, person }) => (kind === 'group' && person ? [person] : []))
  const numbers = participants.flatMap(({ kind, number }) => (kind === 'projected' && number ? [number] : []))
  return persons.length > 0 && numbers.length > 0 ? membersKey([...persons, ...numbers]) : null
}

/** The members of a text that came in: its sender and everybody it was sent to. */
export function membersKey(members: readonly string[]): string {
  const [one, other] = members
  // Nearly every text has one sender and one recipient.
  if (members.length === 2 && one !== other) return one! < other! ? `${one} ${other}` : `${other} ${one}`
  return [...new Set(members)].sort().join(' ')
}
