import { Readable } from 'node:stream'
import Type from 'typebox'
import type { Core } from '../../core/core.ts'
import { blockPersons, type GivenOptOut, unknownScopes } from '../../core/opt-outs/edit-opt-outs.ts'
import { Refusal } from '../../domain/refusal.ts'
import { cleanText } from '../../domain/text.ts'
import { formatIsoSeconds, parseWireTime } from '../../domain/wire-time.ts'
import { CsvBroken, type CsvRow, csvLine, parseCsv } from '../../kit/csv.ts'
import { listOptOuts } from '../../store/read/opt-outs.ts'
import type { HeddleApi } from './api.ts'
import { readPerson, readScope, spellScope } from './opt-out-routes.ts'

const COLUMNS = ['scope', 'person', 'since', 'source', 'said'] as const
type Column = (typeof COLUMNS)[number]

/** A list of a million persons goes in as several files. */
const MAX_IMPORT_BYTES = 20 * 1024 * 1024
const List = Type.Unknown({ contentMediaType: 'text/csv' })
/** Rows a transaction writes, far below the limit of an act, so that texts are not held up. */
const ROWS_AN_ACT = 500
const ROWS_A_READ = 1000
const MAX_FAULTS_TOLD = 100

/**
 * `POST /v1/opt-outs/import` and `GET /v1/opt-outs/export`: opt-outs as CSV (RFC 4180) with a header line. Columns: scope
 * (or number), person, since (ISO 8601), said; what is exported can be imported. A file with a wrong line changes nothing.
 */
export function optOutLists({ app, core, account }: HeddleApi): void {
  app.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: MAX_IMPORT_BYTES }, (_request, body, done) =>
    done(null, body),
  )

  const importing = {
    summary: 'Opt out all persons of a CSV list',
    body: List,
    response: { 200: Type.Object({ read: Type.Integer(), added: Type.Integer() }) },
  }
  app.post('/v1/opt-outs/import', { bodyLimit: MAX_IMPORT_BYTES, schema: importing }, async request => {
    const { accountId } = await account(request)
    if (typeof request.body !== 'string') throw new Refusal('list_invalid', 'Send the list as text/csv.')
    const lines = readList(request.body)
    await refuseForeignScopes(core, accountId, lines)
    const optOuts = lines.map(({ optOut }) => optOut)
    let added = 0
    for (let at = 0; at < optOuts.length; at += ROWS_AN_ACT) {
      const batch = optOuts.slice(at, at + ROWS_AN_ACT)
      const blocked = await blockPersons(core, accountId, { source: 'import', optOuts: batch })
      added += blocked.filter(({ isNew }) => isNew).length
    }
    return { read: optOuts.length, added }
  })

  const exporting = { summary: 'Get all opt-outs as CSV', querystring: Type.Object({}) }
  app.get('/v1/opt-outs/export', { schema: exporting }, async (request, reply) => {
    const { accountId } = await account(request)
    reply.header('content-disposition', 'attachment; filename="opt-outs.csv"')
    reply.type('text/csv; charset=utf-8; header=present')
    return reply.send(Readable.from(exported(core, accountId)))
  })
}

async function* exported(core: Core, accountId: string): AsyncGenerator<string> {
  yield csvLine(COLUMNS)
  let before: number | undefined
  do {
    const rows = await listOptOuts(core.db, { accountId, before, limit: ROWS_A_READ })
    yield rows
      .map(row =>
        csvLine([spellScope(row.scope), row.person, formatIsoSeconds(row.beganAt), row.source, row.said ?? '']),
      )
      .join('')
    before = rows.length === ROWS_A_READ ? rows.at(-1)?.born : undefined
  } while (before !== undefined)
}

interface Line {
  line: number
  optOut: GivenOptOut
}

interface Fault {
  line: number
  message: string
}

/** Refuses `list_invalid` with every line that is wrong, the first hundred of them told. */
function readList(text: string): Line[] {
  const [header, ...rows] = readRows(text)
  const columns = readHeader(header)
  const faults: Fault[] = []
  const lines: Line[] = []
  for (const row of rows) {
    try {
      lines.push({ line: row.line, optOut: readRow(row, columns) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      faults.push({ line: row.line, message: error.message })
    }
  }
  refuseFaults(faults)
  return lines
}

async function refuseForeignScopes(core: Core, accountId: string, lines: Line[]): Promise<void> {
  const unknown = await unknownScopes(core, accountId, [...new Set(lines.map(({ optOut }) => optOut.scope))])
  const message = 'Neither a number nor a pool of this account.'
  refuseFaults(lines.filter(({ optOut }) => unknown.has(optOut.scope)).map(({ line }) => ({ line, message })))
}

function refuseFaults(faults: Fault[]): void {
  if (faults.length === 0) return
  throw new Refusal('list_invalid', `${faults.length} lines are wrong; nothing was changed.`, {
    faults: faults.slice(0, MAX_FAULTS_TOLD),
  })
}

function readRows(text: string): CsvRow[] {
  try {
    return parseCsv(text)
  } catch (error) {
    if (!(error instanceof CsvBroken)) throw error
    throw new Refusal('list_invalid', 'The list is no CSV.', { faults: [{ line: error.line, message: error.message }] })
  }
}

function readHeader(header: CsvRow | undefined): (Column | null)[] {
  const columns = (header?.fields ?? []).map(name => {
    const plain = name.trim().toLowerCase()
    return plain === 'number' ? 'scope' : (COLUMNS.find(column => column === plain) ?? null)
  })
  if (columns.includes('scope') && columns.includes('person')) return columns
  throw new Refusal('list_invalid', 'The first line names the columns: at least scope and person.')
}

function readRow({ fields }: CsvRow, columns: (Column | null)[]): GivenOptOut {
  const value = (column: Column) => fields[columns.indexOf(column)]?.trim() ?? ''
  const since = value('since')
  const beganAt = since === '' ? null : parseWireTime(since)
  if (since !== '' && beganAt === null) throw new Refusal('list_invalid', `Not a time: ${since}`)
  return {
    scope: readScope(value('scope')),
    person: readPerson(value('person')),
    beganAt,
    said: cleanText(value('said')) || null,
  }
}
