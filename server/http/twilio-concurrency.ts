import { TwilioError } from './twilio-errors.ts'

/** Requests of accounts that are being answered on this node, over all of Twilio's dialects. */
export interface ConcurrentRequests {
  /** Counts one in: how many there are with it. Refuses 429 with 20429 when there would be too many. */
  enter(accountId: string): number
  leave(accountId: string): void
}

/** `most`: an account's requests at a time; null: as many as come. Source: Twilio, error 20429, "API concurrency". */
export function openConcurrentRequests(most: number | null): ConcurrentRequests {
  const underWay = new Map<string, number>()
  return {
    enter(accountId) {
      const count = (underWay.get(accountId) ?? 0) + 1
      if (most !== null && count > most) throw new TwilioError(429, 20429, 'Too Many Requests')
      underWay.set(accountId, count)
      return count
    },
    leave(accountId) {
      const left = (underWay.get(accountId) ?? 1) - 1
      if (left > 0) underWay.set(accountId, left)
      else underWay.delete(accountId)
    },
  }
}
