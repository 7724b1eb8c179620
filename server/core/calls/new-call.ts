import type { Call } from '../../domain/call.ts'
import { newId } from '../../domain/ids.ts'
import { ACCOUNT_LANE } from '../../domain/lane.ts'
import type { Act } from '../step.ts'

/** What a call is about; what is left out it has none of. It is posted, on the account's lane, unless it says otherwise. */
export type CallDraft = Pick<Call, 'kind' | 'orderKey' | 'url'> & Partial<Omit<Call, 'version' | 'born'>>

/** A call that is to be made at once, about what happens now. */
export function newCall(step: Act, draft: CallDraft): Call {
  const version = step.tick()
  return {
    id: draft.id ?? newId(step.now.getTime()),
    lane: ACCOUNT_LANE,
    smsId: null,
    threadId: null,
    number: null,
    person: null,
    method: 'POST',
    fallbackUrl: null,
    fallbackMethod: null,
    parameters: [],
    sessionStartedAt: null,
    arrivedAt: step.now,
    attempts: 0,
    nextAttemptAt: step.now,
    ...draft,
    version,
    born: version,
  }
}
