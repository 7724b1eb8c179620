import { isJson } from '../../domain/attributes.ts'
import { cleanText, lengthInCharacters, lengthOfName } from '../../domain/text.ts'

/** What an app said to a hook that asked. */
export interface HookAnswer {
  /** Null when no answer came in time. */
  status: number | null
  body: string
}

export const NO_ANSWER: HookAnswer = { status: null, body: '' }

/** What an app may change of what it is asked about. Attributes are JSON text. */
export interface Changeable {
  body?: string
  author?: string
  attributes?: string
  friendlyName?: string
}

/** What the app wants: nothing else, some changes, or that it does not happen. `invalid` names a value that cannot be. */
export type Verdict =
  | { kind: 'granted'; changes: Changeable }
  | { kind: 'refused' }
  | { kind: 'invalid'; field: keyof Changeable }

const FIELDS = { body: 'body', author: 'author', attributes: 'attributes', friendly_name: 'friendlyName' } as const

/** In characters; of attributes in bytes. Source: Twilio, Conversations limits. */
const LIMITS: Record<keyof Changeable, number> = { body: 1600, author: 256, attributes: 4 * 1024, friendlyName: 256 }
const THREAD_ATTRIBUTES_BYTES = 16 * 1024

/**
 * Reads an answer. No answer, an empty one, and one that is not a JSON object change nothing; 4xx and 5xx refuse. Only
 * what `draft` has can be changed. Source: Twilio Conversations, "Webhooks", pre-action.
 */
export function readVerdict({ status, body }: HookAnswer, draft: Changeable): Verdict {
  if (status !== null && status >= 400) return { kind: 'refused' }
  const said: unknown = status === 200 && isJson(body) ? JSON.parse(body) : null
  const changes: Changeable = {}
  if (typeof said !== 'object' || said === null) return { kind: 'granted', changes }
  for (const [name, field] of Object.entries(FIELDS)) {
    const value: unknown = (said as Record<string, unknown>)[name]
    if (value === undefined || value === null || draft[field] === undefined) continue
    const text = textOf(value, field)
    if (text === null || !fits(text, field, draft)) return { kind: 'invalid', field }
    changes[field] = cleanText(text)
  }
  return { kind: 'granted', changes }
}

/** Programs answer with attributes as text or as what the text spells. */
function textOf(value: unknown, field: keyof Changeable): string | null {
  if (typeof value === 'string') return field === 'attributes' && !isJson(value) ? null : value
  return field === 'attributes' && typeof value === 'object' ? JSON.stringify(value) : null
}

function fits(text: string, field: keyof Changeable, draft: Changeable): boolean {
  if (field === 'body') return lengthInCharacters(text) <= LIMITS.body
  if (field !== 'attributes') return lengthOfName(text) <= LIMITS[field]
  const isThread = draft.friendlyName !== undefined
  return Buffer.byteLength(text) <= (isThread ? THREAD_ATTRIBUTES_BYTES : LIMITS.attributes)
}

/** Hands answers to those who wait for them on this node. */
export class HookAnswers {
  readonly #waiting = new Map<string, (answer: HookAnswer) => void>()

  /** Resolves when the call is answered here; to be asked before the call can be made. */
  expect(callId: string): Promise<HookAnswer> {
    return new Promise(resolve => this.#waiting.set(callId, resolve))
  }

  give(callId: string, answer: HookAnswer): void {
    this.#waiting.get(callId)?.(answer)
    this.forget(callId)
  }

  forget(callId: string): void {
    this.#waiting.delete(callId)
  }
}
