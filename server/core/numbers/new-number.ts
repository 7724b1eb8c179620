import { newId } from '../../domain/ids.ts'
import type { OwnedNumber } from '../../store/numbers.ts'
import type { Act } from '../step.ts'

/** What a number is; what is left out is as nothing was set yet, and its name is the number itself. */
export type NumberDraft = Pick<OwnedNumber, 'number' | 'kind' | 'country' | 'carrier'> &
  Partial<Omit<OwnedNumber, 'version' | 'born'>>

/** A number that the account has from now on, with no app and in no queue or pool unless it says otherwise. */
export function newNumber(step: Act, draft: NumberDraft): OwnedNumber {
  const version = step.tick()
  return {
    id: draft.id ?? newId(step.now.getTime()),
    friendlyName: draft.number,
    smsUrl: '',
    smsMethod: 'POST',
    smsFallbackUrl: '',
    smsFallbackMethod: 'POST',
    statusCallback: '',
    statusCallbackMethod: 'POST',
    smsApplicationId: null,
    queueId: null,
    poolId: null,
    settings: {},
    createdAt: step.now,
    updatedAt: step.now,
    ...draft,
    version,
    born: version,
  }
}
