import { type Attempt, granted } from '../attempt.ts'
import { AUTOMATIC, claimFromPool } from '../pools/claim-from-pool.ts'
import type { Act } from '../step.ts'
import { namedPoolId } from './named-pool.ts'
import type { ParticipantDraft, ThreadBook, ThreadDraft } from './thread-book.ts'

/** A participant who is to join a thread, which may leave the choice of the number to the thread's pool. */
export interface NumberWish {
  participant: ParticipantDraft
  thread: Pick<ThreadDraft, 'settings'> | undefined
}

/**
 * Each participant as they are to join: one whose number is `AUTOMATIC` has the one that the thread's pool, or else the
 * account's default one, chose for them. Refuses, each for itself, what `claimFromPool` does.
 */
export async function withNumbers(
  step: Act,
  book: ThreadBook,
  wishes: NumberWish[],
): Promise<Attempt<ParticipantDraft>[]> {
  const asked = wishes.filter(({ participant }) => isAutomatic(participant))
  if (asked.length === 0) return wishes.map(({ participant }) => ({ value: participant }))
  const { defaultPoolId = null } = await step.ownerSettings()
  const claimed = await claimFromPool(
    step,
    book,
    asked.map(({ participant, thread }) => ({
      poolId: namedPoolId(thread ?? {}) ?? defaultPoolId,
      person: participant.person ?? '',
    })),
    wishes.flatMap(({ participant: { kind, person, number } }) =>
      kind === 'sms' && person && number && number !== AUTOMATIC ? [{ person, number }] : [],
    ),
  )
  return wishes.map(wish => {
    const number = claimed[asked.indexOf(wish)]
    if (!number) return { value: wish.participant }
    return 'refusal' in number ? number : { value: { ...wish.participant, number: granted(number) } }
  })
}

function isAutomatic({ kind, number }: ParticipantDraft): boolean {
  return kind === 'sms' && number === AUTOMATIC
}
