/**
 * The rows of a CSV text: fields between commas, in quotes where they hold commas, quotes or line breaks; lines end with
 * CRLF or LF. A byte order mark and empty lines are passed over. Throws `CsvBroken` when a quote is not closed or stands
 * in the middle of a field. Source: RFC 4180.
 */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = []
  let line = 1
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    const startLine = line
    const fields: string[] = []
    let isOver = false
    while (!isOver) {
      const field = text[at] === '"' ? readQuoted(text, at, line) : readPlain(text, at, line)
      fields.push(field.value)
      line += countLines(field.value)
      at = field.end
      isOver = text[at] !== ','
      if (!isOver) at += 1
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    line += 1
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: startLine, fields })
  }
  return rows
}

export interface CsvRow {
  /** The line of the text on which the row begins, from 1. */
  line: number
  fields: string[]
}

/** A text that is no CSV. */
export class CsvBroken extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.name = 'CsvBroken'
    this.line = line
  }
}

interface Field {
  value: string
  /** Where the field's comma, line break or the end of the text is. */
  end: number
}

const PLAIN = /[^",\r\n]*/y

function readPlain(text: string, start: number, line: number): Field {
  PLAIN.lastIndex = start
  const value = PLAIN.exec(text)?.[0] ?? ''
  const end = start + value.length
  if (text[end] === '"') throw new CsvBroken(line, 'A quote stands in the middle of a field.')
  return { value, end }
}

function readQuoted(text: string, start: number, line: number): Field {
  let value = ''
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) throw new CsvBroken(line, 'A quote is not closed.')
    value += text.slice(from, quote)
    if (text[quote + 1] !== '"') {
      const end = quote + 1
      if (end < text.length && !/[,\r\n]/.test(text[end]!)) throw new CsvBroken(line, 'Text follows a closed quote.')
      return { value, end }
    }
    value += '"'
    from = quote + 2
  }
}

function countLines(value: string): number {
  return value.split('\n').length - 1
}

/** One line of CSV, with its CRLF. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quoted).join(',')}\r\n`
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
