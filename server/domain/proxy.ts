import { LONGEST_KEYWORD_TEXT, type OptOutKind } from './opt-out.ts'
import { plainWords } from './opt-out-words.ts'

/** Masking: two persons text each other through our numbers. Source: Twilio Proxy. */

export const GEO_MATCH_LEVELS = ['area-code', 'overlay', 'radius', 'country'] as const
/** How near a number must be to its person. Overlays and radii are not known here: there the area code must be the same. */
export type GeoMatchLevel = (typeof GEO_MATCH_LEVELS)[number]

export const NUMBER_SELECTIONS = ['avoid-sticky', 'prefer-sticky'] as const
/** Whether a person gets a number that they had before, or one that they had not. */
export type NumberSelection = (typeof NUMBER_SELECTIONS)[number]

export const SESSION_MODES = ['message-only', 'voice-only', 'voice-and-message'] as const
export type SessionMode = (typeof SESSION_MODES)[number]

export const SESSION_STATUSES = ['open', 'in-progress', 'closed', 'failed', 'unknown'] as const
export type SessionStatus = (typeof SESSION_STATUSES)[number]

/** What a pool that masks is told to do. */
export interface ProxySettings {
  /** Seconds that sessions live after their last text unless they say otherwise; 0: for ever. */
  defaultTtlS: number
  geoMatchLevel: GeoMatchLevel
  numberSelection: NumberSelection
  /** Told of each text that was relayed. */
  callbackUrl: string | null
  /** Asked about each text; may block it. */
  interceptUrl: string | null
  /** Told of texts that belong to no session; its TwiML is answered. */
  outOfSessionUrl: string | null
  /** The conversation service whose conversations the sessions are; null: the default one. */
  chatServiceId: string | null
}

/** What the thread of a session carries along, so that a text needs no further look. */
export interface MaskedThread {
  sessionId: string
  mode: SessionMode
  /** Of the session, by the thread's participant. */
  participants: Record<string, string>
}

/** The session whose thread this is; null for all other threads. */
export function maskedThread(settings: Record<string, unknown> | null): MaskedThread | null {
  return (settings?.proxy as MaskedThread | undefined) ?? null
}

/** Source: Twilio, Proxy, "Opt-Out Keywords": of other words than those that opt out these are not passed on. */
const NOT_RELAYED = new Set(['arret', 'arrete', 'arrett', 'unstop'])

/** Whether the other person is to hear a text; `keyword` is what it was taken for. */
export function isRelayed(body: string, keyword: OptOutKind | undefined): boolean {
  return keyword !== 'stop' && (body.length > LONGEST_KEYWORD_TEXT || !NOT_RELAYED.has(plainWords(body)))
}
