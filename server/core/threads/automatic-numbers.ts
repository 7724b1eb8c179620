import { type Attempt, granted } from '../attempt.ts'
import { AUTOMATIC, claimFromPool } from '../pools/claim-from-pool.ts'
import type { Act } from '../step.ts'
import type { ParticipantDraft, ThreadBook } from './thread-book.ts'

/** The participant that each joining adds: one that leaves its number to the conversation's pool has the chosen one. */
export async function withNumbers(
  step: Act,
  book: ThreadBook,
  joinings: { threadId: string; participant: ParticipantDraft }[],
): Promise<Attempt<ParticipantDraft>[]> {
  const isAutomatic = ({ kind, number }: ParticipantDraft) => kind === 'sms' && number === AUTOMATIC
  const asked = joinings.filter(({ participant }) => isAutomatic(participant))
  if (asked.length === 0) return joinings.map(({ participant }) => ({ value: participant }))
  const { defaultPoolId = null } = await step.ownerSettings()
  const claimed = await claimFromPool(
    step,
    book,
    asked.map(({ threadId, participant }) => ({
      poolId: poolOf(book, threadId) ?? defaultPoolId,
      person: participant.person ?? '',
    })),
  )
  return joinings.map(joining => {
    const number = claimed[asked.indexOf(joining)]
    if (!number) return { value: joining.participant }
    return 'refusal' in number ? number : { value: { ...joining.participant, number: granted(number) } }
  })
}

function poolOf(book: ThreadBook, threadId: string): string | null {
  const named = book.find(threadId)?.thread.settings?.messagingServiceId
  return typeof named === 'string' ? named : null
}
