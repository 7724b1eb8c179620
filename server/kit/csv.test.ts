import { describe, expect, it } from 'vitest'
import { CsvBroken, csvLine, parseCsv } from './csv.ts'

const rowsOf = (text: string) => parseCsv(text).map(row => row.fields)

describe('reading CSV', () => {
  it('reads lines that end with CRLF or LF, the last one with neither', () => {
    expect(rowsOf('a,b\r\nc,d\ne,f')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ])
  })

  it('keeps commas, quotes and line breaks that stand in quotes', () => {
    expect(rowsOf('"a,b","say ""hi""","two\r\nlines",\r\nx')).toEqual([['a,b', 'say "hi"', 'two\r\nlines', ''], ['x']])
  })

  it('passes over a byte order mark and empty lines, and tells on which line each row begins', () => {
    expect(parseCsv('\ufeffa\r\n\r\n"b\nb"\nc')).toEqual([
      { line: 1, fields: ['a'] },
      { line: 3, fields: ['b\nb'] },
      { line: 5, fields: ['c'] },
    ])
  })

  it.each(['a,"b', 'a"b', '"a"b,c'])('refuses %s, whose quotes make no field', text => {
    expect(() => parseCsv(text)).toThrow(CsvBroken)
  })

  it('reads what it wrote', () => {
    const fields = ['plain', 'with, comma', 'with "quotes"', 'with\r\nbreak', '']
    expect(rowsOf(csvLine(fields) + csvLine(['next']))).toEqual([fields, ['next']])
  })
})
