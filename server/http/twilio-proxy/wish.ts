import type { ProxyWish } from '../../core/proxy/claim-proxies.ts'
import { uuidOfSid } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { findNumber } from '../../store/read/numbers.ts'
import type { V1Api, V1Call } from '../twilio-v1.ts'
import type { ParticipantRequest } from './requests.ts'

/** What is asked for a participant, with the number that a SID names. Refuses `number_unknown`. */
export async function wishOf(
  { core }: V1Api,
  { accountId }: V1Call,
  { numberSid, ...wish }: ParticipantRequest,
): Promise<ProxyWish> {
  if (numberSid === null) return wish
  const id = uuidOfSid(['PN', 'SC'], numberSid)
  const number = id && (await findNumber(core.db, accountId, id))
  if (!number) throw new Refusal('number_unknown', `${numberSid} is not a number of this account.`)
  return { ...wish, number: number.number }
}
