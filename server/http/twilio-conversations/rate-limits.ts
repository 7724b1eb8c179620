import type { Clock } from '../../domain/clock.ts'
import { RateWindows } from '../../kit/rate-windows.ts'
import { TwilioError } from '../twilio-errors.ts'

/** Changes that a second may bring: to one conversation, and to the conversations, users and roles of one service. */
export interface ConversationsLimits {
  conversation: number
  service: number
}

/** What a request changes. */
export interface Changed {
  verb: 'create' | 'update' | 'remove'
  /** The route, without the service: `/Conversations/:conversationSid/Messages`. */
  path: string
  serviceId: string
  /** As the path names it, when it is below one. */
  conversation: string | undefined
}

/** Refuses 429 with 50063 what changes a conversation too often, with 50074 what changes a service too often. */
export type ChangeCounter = (changed: Changed) => void

const A_SECOND_MS = 1000
const OF_SERVICE = /^\/(?:Conversations|ConversationWithParticipants|Users|Roles)(?:\/|$)/

/** Counts changes in memory, per node; without limits it does nothing. Source: Twilio, Conversations limits, 50063 and 50074. */
export function openChangeCounter(limits: ConversationsLimits | null, clock: Clock): ChangeCounter {
  if (!limits) return () => {}
  const windows = new RateWindows(A_SECOND_MS)
  const isOver = (key: string, limit: number) => windows.count(key, clock.machineMs()).count > limit
  return ({ verb, path, serviceId, conversation }) => {
    const isDeletion = path === '/Conversations/:conversationSid' && verb === 'remove'
    if (conversation !== undefined && !isDeletion) {
      if (!isOver(`${serviceId} ${conversation}`, limits.conversation)) return
      throw new TwilioError(429, 50063, 'Actions per second limit exceeded')
    }
    if (OF_SERVICE.test(path) && isOver(serviceId, limits.service)) {
      throw new TwilioError(429, 50074, 'Global actions per second limit exceeded')
    }
  }
}
