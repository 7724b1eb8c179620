/**
 * A dump is UTF-8 text. Its first line is a header, its last line an ending without which it was cut short; between them
 * stand the tables, each a `table` line, its rows as PostgreSQL's COPY spells them, and the line `\.`, which no row can
 * be. Everything but the rows is a word and JSON. Source of the row format: https://www.postgresql.org/docs/15/sql-copy.html
 */
export interface DumpHeader {
  format: typeof FORMAT
  /** The migration level of the database that was dumped. */
  level: number
}

export interface DumpTable {
  name: string
  columns: string[]
}

export interface DumpEnding {
  tables: number
  rows: number
  /** The last number that each sequence gave out. */
  sequences: Record<string, number>
}

export interface DumpSummary {
  level: number
  tables: number
  rows: number
}

export const FORMAT = 1
export const END_OF_ROWS = '\\.'

const WORDS = { header: 'heddle-dump', table: 'table', ending: 'end' } as const

export function headerLine(header: DumpHeader): string {
  return `${WORDS.header} ${JSON.stringify(header)}\n`
}

export function tableLine(table: DumpTable): string {
  return `${WORDS.table} ${JSON.stringify(table)}\n`
}

export function endingLine(ending: DumpEnding): string {
  return `${WORDS.ending} ${JSON.stringify(ending)}\n`
}

/** The dump cannot be restored; nothing was changed. The message is one sentence for the operator. */
export class RestoreRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RestoreRefused'
  }
}

/** Refuses anything that is not the first line of a dump of this format. */
export function readHeader(line: string): DumpHeader {
  const value = line.startsWith(`${WORDS.header} `) ? parse(line, WORDS.header) : undefined
  if (!value)
    throw new RestoreRefused('This is not a dump made by "heddle db dump" (or it is compressed: unpack it first).')
  if (value.format !== FORMAT || typeof value.level !== 'number') {
    throw new RestoreRefused(
      `The dump has format ${value.format} and this Heddle reads format ${FORMAT}: restore it with the version that made it.`,
    )
  }
  return { format: FORMAT, level: value.level }
}

export function readTableOrEnding(line: string): { table: DumpTable } | { ending: DumpEnding } {
  if (line.startsWith(`${WORDS.table} `)) {
    const { name, columns } = parse(line, WORDS.table)
    if (typeof name === 'string' && isStrings(columns)) return { table: { name, columns } }
  } else if (line.startsWith(`${WORDS.ending} `)) {
    const { tables, rows, sequences } = parse(line, WORDS.ending)
    if (typeof tables === 'number' && typeof rows === 'number' && isNumbers(sequences)) {
      return { ending: { tables, rows, sequences } }
    }
  }
  throw damaged(`a line that belongs nowhere, ${JSON.stringify(line.slice(0, 40))}`)
}

export function damaged(what: string): RestoreRefused {
  return new RestoreRefused(`The dump is damaged (${what}); the database is unchanged.`)
}

function parse(line: string, word: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line.slice(word.length))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Said below, as for any other value that is no object.
  }
  throw damaged(`its "${word}" line cannot be read`)
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

function isNumbers(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null && Object.values(value).every(each => typeof each === 'number')
}
