import { lineAt, type Offence, type Source } from './source.ts'

/** A pattern that must not occur: in the code, or in the whole text with comments and strings. */
interface Ban {
  message: string
  pattern: RegExp
  within: 'code' | 'text'
  applies(source: Source): boolean
}

const everywhere = () => true
/** Measurements and tests read clocks and the environment as they need. */
const inTheServer = (source: Source) => source.path.startsWith('server/') && !source.isTest

const BANS: Ban[] = [
  {
    message: 'the environment is read in server/config.ts only',
    pattern: /\bprocess\s*(?:\.\s*env\b|\[)|\bimport\b[^;\n]*\benv\b[^;\n]*\bfrom\b|\benv\b[^;\n]*=\s*process\b/g,
    within: 'code',
    applies: source => inTheServer(source) && source.path !== 'server/config.ts',
  },
  {
    message: 'the clock is read in server/domain/clock.ts only',
    pattern: /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])(?!\w)|\bperformance\s*\.\s*now\b|\bhrtime\b/g,
    within: 'code',
    applies: source => inTheServer(source) && source.path !== 'server/domain/clock.ts',
  },
  {
    message: 'no type is any',
    pattern: /[:<,|&=(]\s*any\b(?!\s*[:(.?=])|\bas\s+any\b|\bany\[\]/g,
    within: 'code',
    // Tests look into answers of every shape.
    applies: source => !source.path.startsWith('test/'),
  },
  {
    message: 'a test runs alone',
    pattern: /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.only\b/g,
    within: 'code',
    applies: everywhere,
  },
  { message: 'work is left open', pattern: /\b(?:TODO|FIXME)\b/g, within: 'text', applies: everywhere },
  {
    message: 'a path of one machine',
    pattern: /(?<![\w.:/*-])\/(?:work|home|root|Users)\/\w|\b[A-Z]:\\\\?Users\b/g,
    within: 'text',
    applies: everywhere,
  },
]

/** What must not stand in any line. */
export function bannedLines(sources: Source[]): Offence[] {
  return sources.flatMap(source =>
    BANS.filter(ban => ban.applies(source)).flatMap(({ message, pattern, within }) =>
      [...source[within].matchAll(pattern)].map(({ index }) => ({
        path: source.path,
        line: lineAt(source.text, index),
        message,
      })),
    ),
  )
}

const SQL =
  /^\s*(?:select\b[\s\S]*\bfrom\b|select\s+\w+\(|insert\s+into\b|update\s[\s\S]*\bset\b|delete\s+from\b|with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as\b[^(]*\()/i

/** Strings of SQL outside the store, in tests too: they act through a door, never through a table. */
export function sqlOutsideStore(sources: Source[]): Offence[] {
  return sources
    .filter(({ path }) => !path.startsWith('server/store/') && !path.startsWith('bench/'))
    .flatMap(({ path, text, literals }) =>
      literals
        .filter(literal => SQL.test(literal.text))
        .map(({ at }) => ({ path, line: lineAt(text, at), message: 'SQL stands in server/store/ only' })),
    )
}
