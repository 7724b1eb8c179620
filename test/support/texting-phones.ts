import { setTimeout as pause } from 'node:timers/promises'
import { ACCOUNT_SID, AUTH_TOKEN } from './test-house.ts'

export const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`

/** A text that was acknowledged, in the order in which its phone sent it. */
export interface SentText {
  person: string
  number: string
  /** Its body, and the id that the phone gave it. */
  body: string
  sid: string
}

export interface TextingPhones {
  readonly acknowledged: SentText[]
  /** The answers other than 201, by status; 0 stands for none. */
  readonly refusals: Map<number, number>
  /** Finishes the texts that were begun and sends no more. */
  stop(): Promise<void>
  /** Sends no more, also of what was begun: for the end of a test. */
  giveUp(): Promise<void>
}

export interface PhonesOptions {
  /** Where a phone texts: asked for each try, so that one node may stand in for another. */
  url: () => string
  pairs: { person: string; number: string }[]
  /** Between a phone's texts. */
  pauseMs: () => number
}

const RETRY_MS = 30
const ANSWER_WITHIN_MS = 15_000

/** Phones that text one number each, one text after another, each sent again with its id until it is acknowledged. */
export function startPhones({ url, pairs, pauseMs }: PhonesOptions): TextingPhones {
  const acknowledged: SentText[] = []
  const refusals = new Map<number, number>()
  const stopping = new AbortController()
  let isGivenUp = false

  async function text(person: string, number: string): Promise<void> {
    for (let count = 1; !stopping.signal.aborted; count++) {
      const body = `${person} ${number} ${count}`
      const sid = await sendUntilAcknowledged({ from: person, to: number, body, id: body })
      if (sid === null) return
      acknowledged.push({ person, number, body, sid })
      await pause(pauseMs(), undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  async function sendUntilAcknowledged(message: Record<string, string>): Promise<string | null> {
    for (;;) {
      const sid = await send(message)
      if (sid !== null || isGivenUp) return sid
      await pause(RETRY_MS)
    }
  }

  async function send(message: Record<string, string>): Promise<string | null> {
    let status = 0
    try {
      const response = await fetch(`${url()}/simulator/messages`, {
        method: 'POST',
        headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const answer: unknown = await response.json()
      status = response.status
      if (status === 201 && typeof answer === 'object' && answer && 'sid' in answer) return String(answer.sid)
    } catch {
      // No answer, or half of one: the phone cannot know and tries again.
      status = 0
    }
    refusals.set(status, (refusals.get(status) ?? 0) + 1)
    return null
  }

  const texting = pairs.map(({ person, number }) => text(person, number))
  return {
    acknowledged,
    refusals,
    async stop() {
      stopping.abort()
      await Promise.all(texting)
    },
    async giveUp() {
      isGivenUp = true
      stopping.abort()
      await Promise.all(texting)
    },
  }
}
