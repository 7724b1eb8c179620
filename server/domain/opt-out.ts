import type { Language } from './opt-out-words.ts'
import { OPT_OUT_WORDS, plainWords } from './opt-out-words.ts'

export type OptOutKind = 'stop' | 'start' | 'help'

export interface OptOut {
  kind: OptOutKind
  /** The keyword, in lower case without accents. */
  word: string
  /** The language it was found in, which is the one to answer in; null for a word of the owner's own. */
  language: Language | null
  /** True for a "yes": a restart if the pair is blocked, otherwise a text like any other. */
  onlyIfBlocked: boolean
}

export interface OptOutOptions {
  /** Whose words count, the first to know a word winning. English words always count, last if they are not named. */
  languages?: readonly Language[]
  extraStopWords?: readonly string[]
  extraStartWords?: readonly string[]
  extraHelpWords?: readonly string[]
  /** Words that mean nothing here: CANCEL, where people cancel appointments. */
  ignoredWords?: readonly string[]
}

const LONGEST_WORD = Math.max(
  ...Object.values(OPT_OUT_WORDS)
    .flatMap(({ stop, start, startIfBlocked, help }) => [...stop, ...start, ...startIfBlocked, ...help])
    .map(word => word.length),
)
/** Far longer than any keyword with its punctuation; spares normalising every long text. */
export const LONGEST_KEYWORD_TEXT = 100

/**
 * The keyword that is the whole of a text, or null. Case, accents, full-width letters, and any punctuation, quotes,
 * spaces and emoji around it do not matter. A word of the owner's own comes before the tables; stop before start before
 * help. Source: Twilio's default opt-out handling; 47 CFR 64.1200(a)(10).
 */
export function classifyOptOut(body: string, options: OptOutOptions = {}): OptOut | null {
  if (body.length > LONGEST_KEYWORD_TEXT) return null
  return keywordOf(plainWords(body), options)
}

/** The keyword that these words are, spelled as `plainWords` does. */
export function keywordOf(word: string, options: OptOutOptions = {}): OptOut | null {
  if (word === '' || has(options.ignoredWords, word)) return null
  return ownKeyword(word, options) ?? tableKeyword(word, options.languages ?? [])
}

function ownKeyword(word: string, options: OptOutOptions): OptOut | null {
  const own = { word, language: null, onlyIfBlocked: false }
  if (has(options.extraStopWords, word)) return { kind: 'stop', ...own }
  if (has(options.extraStartWords, word)) return { kind: 'start', ...own }
  if (has(options.extraHelpWords, word)) return { kind: 'help', ...own }
  return null
}

function has(words: readonly string[] | undefined, word: string): boolean {
  return words?.some(one => plainWords(one) === word) ?? false
}

function tableKeyword(word: string, languages: readonly Language[]): OptOut | null {
  if (word.length > LONGEST_WORD) return null
  for (const language of [...languages, 'en' as const]) {
    const words = OPT_OUT_WORDS[language]
    const found = { word, language, onlyIfBlocked: false }
    if (words.stop.includes(word)) return { kind: 'stop', ...found }
    if (words.start.includes(word)) return { kind: 'start', ...found }
    if (words.startIfBlocked.includes(word)) return { kind: 'start', ...found, onlyIfBlocked: true }
    if (words.help.includes(word)) return { kind: 'help', ...found }
  }
  return null
}
