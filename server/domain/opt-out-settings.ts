import type { OptOutKind, OptOutOptions } from './opt-out.ts'
import { optOutReply } from './opt-out-replies.ts'
import { LANGUAGES, type Language } from './opt-out-words.ts'

/** How opt-outs work on a number or pool, from the key `optOut` of its settings. All of it is optional. */
export interface OptOutSettings extends OptOutOptions {
  /** Apps are told `OptOutType`, and their own replies to a keyword are not sent. Off unless set. */
  advanced: boolean
  /** Keywords are answered. On unless set. */
  autoReply: boolean
  /** The owner's own answers, by language; what is missing is answered in our words. */
  replies: Partial<Record<Language, Partial<Record<OptOutKind, string>>>>
}

const DEFAULTS: OptOutSettings = { advanced: false, autoReply: true, replies: {} }

/** Reads the settings of a number or pool; what is not there, or not understood, is as by default. */
export function optOutSettings(settings: Record<string, unknown>): OptOutSettings {
  const own = settings.optOut
  if (!isRecord(own)) return DEFAULTS
  return {
    advanced: own.advanced === true,
    autoReply: own.autoReply !== false,
    replies: isRecord(own.replies) ? own.replies : {},
    languages: wordsOf(own.languages).filter(isLanguage),
    extraStopWords: wordsOf(own.extraStopWords),
    extraStartWords: wordsOf(own.extraStartWords),
    extraHelpWords: wordsOf(own.extraHelpWords),
    ignoredWords: wordsOf(own.ignoredWords),
  }
}

/**
 * What a person is told after a keyword of this language: the owner's words for it, else ours. A keyword of the owner's
 * own is answered in the first language that is on. Null: nothing, as when the owner's words are empty.
 */
export function replyTo(settings: OptOutSettings, kind: OptOutKind, language: Language | null): string | null {
  if (!settings.autoReply) return null
  const spoken = language ?? settings.languages?.[0] ?? 'en'
  const own = settings.replies[spoken]?.[kind]
  if (typeof own === 'string') return own === '' ? null : own
  return optOutReply(kind, spoken)
}

function isRecord(value: unknown): value is Record<string, never> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

function isLanguage(text: string): text is Language {
  return LANGUAGES.some(language => language === text)
}
